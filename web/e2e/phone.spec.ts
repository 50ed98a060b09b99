// The app on a phone: by touch, in one column, with what matters at night first.
import type { Locator } from '@playwright/test'
import { expect, full, languages, say, signIn, test } from './studio'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

const lists = ['/', '/events?status=all', '/hosts', '/hosts/lab-1', '/inspections', '/runs', '/triggers', '/market', '/variables', '/settings/keys', '/settings/members', '/settings/sources', '/settings/collection', '/settings/general', '/settings/users', '/settings/workspaces', '/settings/audit', '/welcome']

const events = [
  { host: 'k8s-1', who: /^search-api/, left: ['Time left', '剩余时间'] },
  { host: 'queue-1', who: 'sidekiq', left: ['Next kill in', '距下次被终止'] },
] as const

for (const [language, { host, who, left }] of languages.flatMap((language) => events.map((event) => [language, event] as const))) {
  test(`an event says within the first screen how long is left, who, since when and how fast (${language}, ${host})`, async ({ page }) => {
    await signIn(page, full(), language, `/events?q=${host}`)
    await page.getByRole('link', { name: new RegExp(host) }).first().click()
    for (const [en, zh] of [left, ['Who', '根因'], ['Growing since', '开始增长'], ['How fast', '增长速度']] as const) {
      const fact = page.locator('dt', { hasText: say(language, en, zh) }).locator('+ dd')
      await expect(fact).toBeInViewport({ ratio: 1 })
      await expect(fact).not.toHaveText('–')
    }
    await expect(page.locator('dt', { hasText: say(language, 'Who', '根因') }).locator('+ dd')).toHaveText(who)
  })
}

test('nothing has to be scrolled sideways', async ({ page }) => {
  test.setTimeout(180_000)
  await signIn(page, full(), 'zh')
  const event = await page.getByRole('link', { name: /queue-1/ }).first().getAttribute('href')
  const wide: string[] = []
  for (const path of [...lists, event!]) {
    await page.goto(full() + path)
    await expect(page.locator('main h1').first()).toBeVisible()
    await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root')).toHaveCount(0)
    const found = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('main .mantine-ScrollArea-viewport')].filter((e) => e.scrollWidth > e.clientWidth + 1).length)
    if (found > 0) wide.push(path)
  }
  expect(wide).toEqual([])
})

test('a row of a table is a card with the names of its columns', async ({ page }) => {
  await signIn(page, full(), 'en', '/inspections')
  const row = page.getByRole('row', { name: /memory leaks/ })
  await expect(row.getByRole('button', { name: 'Run now' })).toBeInViewport({ ratio: 1 })
  const named = await row.locator('td').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content))
  expect(named).toContain('"Policy"')
})

test('a touch shows the time itself, and what a sign means', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  // A touch that scrolls is none, and the browser scrolls what is touched here into sight: so again.
  const touched = (what: Locator, said: RegExp) =>
    expect(async () => {
      await what.tap()
      await expect(page.getByRole('tooltip')).toHaveText(said, { timeout: 2_000 })
    }).toPass()
  await touched(page.getByRole('rowgroup').locator('time').first(), /^\d{1,2} \w{3,4} \d{4}, \d\d:\d\d:\d\d UTC$/)
  await page.getByRole('link', { name: /leaks/ }).first().click()
  await touched(page.getByRole('img', { name: /speaks/ }).first(), /speaks/)
})

test('the list of events comes before its filters, which are unfolded', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  await expect(page.getByRole('rowgroup').getByRole('row').first()).toBeInViewport()
  await expect(page.getByRole('combobox', { name: 'Level' })).toBeHidden()
  await page.getByRole('button', { name: 'Filter', exact: true }).tap()
  await page.getByRole('combobox', { name: 'Level' }).click({ force: true })
  await page.getByRole('option', { name: 'Warning' }).click()
  await expect(page).toHaveURL(/level=/)
  await expect(page.getByRole('button', { name: 'Filter (1)' })).toBeVisible()
})

test('a card says what its time is', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  await expect(page.getByRole('rowgroup').getByRole('row').first()).toContainText(/Time left (\d+ (d|h|min|s)|Full)/)
  await expect(page.getByRole('rowgroup').getByText('Time left', { exact: true }).first()).toBeVisible()
  await page.goto(`${full()}/hosts?sort=level`)
  await expect(page.getByRole('rowgroup').getByText('Time left', { exact: true }).first()).toBeVisible()
})

test('the parts of the settings are chosen from a list', async ({ page }) => {
  await signIn(page, full(), 'en', '/settings/keys')
  await page.getByRole('combobox', { name: 'Settings' }).click()
  await page.getByRole('option', { name: 'About' }).click()
  await expect(page).toHaveURL(/\/settings\/about$/)
})
