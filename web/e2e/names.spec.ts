// Names come from outside: HTML, very long, right to left, emoji. They do no harm.
import { empty, expect, signIn, test } from './studio'

const names = ['<img src=x onerror="window.harmed=1">', '"><script>window.harmed=1</script>', 'x'.repeat(900), 'שרת-ראשי', '🔥🐘 host', "'; DROP TABLE hosts; --", '主机 一']

const escape = (value: string) => value.replace(/[ ,=\\]/g, (c) => `\\${c}`)

test('hosts of any name are listed and opened, and nothing of theirs runs', async ({ page }) => {
  await signIn(page, empty(), 'en', '/settings/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('names')
  await page.getByRole('dialog').getByRole('button', { name: 'New key' }).click()
  const key = await page.locator('[data-secret]').first().innerText()
  await page.getByRole('button', { name: 'Close' }).last().click()

  const now = Math.floor(Date.now() / 1000)
  const lines = names.flatMap((name) => [0, 60, 120].map((ago) => `mem,host=${escape(name)} used_percent=50,total=1073741824i,available=536870912i ${now - ago}`))
  const sent = await page.request.post(`${empty()}/api/v2/write?precision=s`, { headers: { Authorization: `Bearer ${key}` }, data: lines.join('\n') })
  expect(sent.status()).toBe(204)

  await page.goto(`${empty()}/inspections`)
  await page.getByRole('row', { name: /memory leaks/ }).getByRole('button', { name: 'Run now' }).click()
  await expect(page).toHaveURL(/\/runs\/[0-9A-Z]{26}$/) // not the list, which tells of an earlier run
  await expect(page.getByText('Succeeded').first()).toBeVisible()
  for (const name of names) {
    await page.goto(`${empty()}/hosts`)
    const link = page.getByRole('link', { name: name.slice(0, 300), exact: true })
    await expect(link).toBeVisible()
    await link.click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name.slice(0, 200))
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    expect(wider).toBe(false)
  }
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false)
})
