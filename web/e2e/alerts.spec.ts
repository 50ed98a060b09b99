// Who is told: a target with a test message, a policy, a notice with its answer, a silence.
import { createServer, type Server } from 'node:http'
import { expect, full, languages, say, signIn, test } from './studio'

// A webhook that keeps what it is told.
async function webhook(): Promise<{ url: string; told: string[]; server: Server }> {
  const told: string[] = []
  const server = createServer((request, answer) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      told.push(body)
      answer.end('thank you')
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return { url: `http://127.0.0.1:${address.port}/hook`, told, server }
}

test('a target is tested, a policy names it, and a leak is told there', async ({ page }) => {
  test.setTimeout(180_000)
  const hook = await webhook()
  try {
    await signIn(page, full(), 'en', '/alerts/targets')
    await page.getByRole('button', { name: 'New target' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('on call')
    await dialog.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: /webhook/i }).first().click()
    await dialog.getByRole('textbox', { name: /address|url/i }).first().fill(hook.url)
    await dialog.getByRole('button', { name: 'Send a test message' }).click()
    await expect(dialog.getByRole('alert')).toContainText('thank you')
    expect(hook.told).toHaveLength(1)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('cell', { name: 'on call' })).toBeVisible()

    await page.goto(`${full()}/alerts/policies`)
    await page.getByRole('button', { name: 'Edit' }).first().click()
    await page.getByRole('combobox', { name: 'Tell', exact: true }).click()
    await page.getByRole('option', { name: 'on call' }).click()
    await page.getByRole('textbox', { name: 'Wait for others, minutes' }).fill('0')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('cell', { name: /on call/ })).toBeVisible()

    await page.goto(`${full()}/events`)
    await page.getByRole('link', { name: /k8s-1/ }).first().click()
    await page.getByRole('button', { name: 'What would this event do?' }).click()
    await expect(page.getByText('Somebody is told.')).toBeVisible()
    // A run over a window that was counted already tells nothing: the fleet's next minute does.
    await expect(async () => {
      await page.goto(`${full()}/inspections`)
      await page.getByRole('row', { name: /memory leaks/ }).getByRole('button', { name: 'Run now' }).click()
      await expect(page.getByText('Succeeded').first()).toBeVisible()
      await page.goto(`${full()}/alerts/notices`)
      await expect(page.getByRole('cell', { name: 'Sent' }).first()).toBeVisible({ timeout: 10_000 })
    }).toPass({ timeout: 120_000 })
    expect(hook.told.length).toBeGreaterThan(1)
    await page.getByRole('table').getByRole('button').first().click()
    await expect(page.getByRole('dialog')).toContainText('thank you')
  } finally {
    hook.server.close()
  }
})

for (const language of languages) {
  test(`an event is silenced in two clicks, and the silence ended (${language})`, async ({ page }) => {
    await signIn(page, full(), language, '/events?q=docker-1')
    await page.getByRole('link', { name: /docker-1/ }).first().click()
    await page.getByRole('button', { name: say(language, 'Silence', '静默') }).click()
    await page.getByRole('dialog').getByRole('button', { name: say(language, 'Silence', '静默') }).click()
    await page.goto(`${full()}/alerts/silences`)
    const row = page.getByRole('row', { name: /docker-1/ }).filter({ hasText: say(language, 'Active', '生效中') })
    await expect(row).toHaveCount(1)
    await row.getByRole('button', { name: say(language, 'End it now', '立即结束') }).click()
    await expect(row).toHaveCount(0)
  })
}
