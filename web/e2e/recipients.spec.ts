// Who of a target was told: each number of an SMS has a notice, which names it.
import { expect, full, languages, say, signIn, test } from './studio'
import { webhook } from './webhook'

test.setTimeout(180_000) // what is to be told of silences is looked for twice a minute

for (const language of languages) {
  test(`${language}: the list of notices and each notice name the number that it went to`, async ({ page }) => {
    const provider = await webhook()
    const name = `text messages ${language} ${test.info().retry}`
    const numbers = ['+49 170 1234567', '13800000000']
    try {
      await signIn(page, full(), language, '/alerts/notices')
      const api = `${full()}/api/v1`
      const session = (await (await page.request.get(`${api}/session`)).json()) as { csrf: string }
      const add = async (path: string, data: object) => {
        const answer = await page.request.post(api + path, { headers: { 'X-CSRF-Token': session.csrf }, data })
        expect(answer.ok(), await answer.text()).toBe(true)
        return (await answer.json()) as { id: string }
      }
      const settings = { url: provider.url, phones: numbers.join(', '), body: '{{.Phone}}: {{.Message}}' }
      const target = await add('/targets', { name, kind: 'sms', language, enabled: true, settings })
      const from = new Date(Date.now() + 3_600_000).toISOString()
      const match = { objects: ['no such host'], inspections: [], attributes: [] }
      await add('/silences', { name, policies: [], match, period: { from }, notice_before_seconds: 7200, notice_targets: [target.id] })

      await expect.poll(() => provider.told.length, { timeout: 120_000 }).toBe(numbers.length)
      await page.goto(`${full()}/alerts/notices?target=${target.id}`)
      for (const number of numbers) {
        const row = page.getByRole('row').filter({ hasText: `${name} · ${number}` })
        await expect(row).toContainText(say(language, 'Sent', '已发送'))
        await row.getByRole('button').click()
        const dialog = page.getByRole('dialog')
        await expect(dialog.getByRole('table')).toContainText(`${name} · ${number}`)
        await page.keyboard.press('Escape')
        await expect(dialog).toBeHidden()
        expect(provider.told.filter((text) => text.startsWith(`${number}: `) && text.includes(name))).toHaveLength(1)
      }
    } finally {
      provider.server.close()
    }
  })
}
