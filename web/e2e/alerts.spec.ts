// Who is told: a target with a test message, a policy, a notice with its answer, a silence.
import { expect, full, languages, say, signIn, test } from './studio'
import { webhook } from './webhook'

test('a target is tested, its texts are tried, a policy names it, and a leak is told there', async ({ page, complaints }) => {
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

    await dialog.getByRole('button', { name: 'Templates of its own' }).click()
    const preview = dialog.getByRole('region', { name: 'The message as it would be' })
    await expect(preview).toContainText('leaks')
    await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill('{{.Host}} wants {{upper "memory"}}')
    await expect(preview).toContainText('wants MEMORY')
    await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill('{{.Nothing}}')
    await expect(dialog.getByRole('alert').filter({ hasText: 'Nothing' })).toBeVisible()
    await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill('')
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
    complaints.splice(0, complaints.length, ...complaints.filter((line) => !line.includes('422'))) // the browser logs the refusal that was asked for
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
