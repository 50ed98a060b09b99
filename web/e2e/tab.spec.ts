// What a browser shows around the page: the name of the tab, its icon, and the way back.
import { expect, full, languages, say, signIn, test } from './studio'

for (const language of languages) {
  test(`the tab is called as what it shows (${language})`, async ({ page }) => {
    await signIn(page, full(), language, '/events?q=queue-1')
    await expect(page).toHaveTitle(say(language, 'Events · memseep', '事件 · memseep'))
    await page.getByRole('link', { name: /queue-1/ }).first().click()
    await expect(page).toHaveTitle(/queue-1.* · memseep$/)
    await page.goto(`${full()}/settings/sources`)
    await expect(page).toHaveTitle(say(language, 'Sources · Settings · memseep', '数据源 · 设置 · memseep'))
    await page.goto(`${full()}/hosts/lab-1`)
    await expect(page).toHaveTitle('lab-1 · memseep')
  })
}

test('the icon of the tab and the menu say how many events are critical', async ({ page }) => {
  await page.route(/events\/counts\?.*level=critical/, (route) => route.fulfill({ json: { total: 3, open: 3, by_level: { critical: 3 }, by_kind: {}, by_status: { open: 3 } } }))
  await signIn(page, full())
  await expect(page.getByRole('navigation').getByLabel('3 critical')).toHaveText('3')
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', new RegExp(`^data:image/svg.*${encodeURIComponent('>3<')}`))
})

test('the way back from an event leads to the list as it was filtered', async ({ page }) => {
  await signIn(page, full(), 'en', '/events?q=queue-1&sort=level')
  await page.getByRole('link', { name: /queue-1/ }).first().click()
  await page.getByRole('link', { name: 'All events' }).first().click()
  await expect(page).toHaveURL(/q=queue-1.*sort=level|sort=level.*q=queue-1/)
})

test('a link leads to its page after signing in, and going back returns to where a long list was', async ({ page }) => {
  await signIn(page, full(), 'en', '/hosts?sort=value')
  await expect(page).toHaveURL(/\/hosts\?sort=value$/)
  await page.setViewportSize({ width: 1024, height: 400 })
  const host = page.getByRole('rowgroup').locator('a[href^="/hosts/"]')
  await expect(host.nth(5)).toBeVisible()
  await page.evaluate(() => scrollTo(0, 300))
  await expect(host.nth(7)).toBeInViewport({ ratio: 1 })
  await host.nth(7).click()
  await expect(page).toHaveURL(/\/hosts\/[^/?]+$/)
  await page.goBack()
  await expect.poll(() => page.evaluate(() => Math.round(scrollY))).toBe(300)
})

test('a column puts its list in order, and says so', async ({ page }) => {
  await signIn(page, full(), 'en', '/hosts')
  const head = page.getByRole('columnheader', { name: 'Memory' })
  await expect(page.getByRole('columnheader', { name: 'Host' })).toHaveAttribute('aria-sort', 'ascending')
  await head.getByRole('button').click()
  await expect(page).toHaveURL(/sort=value/)
  await expect(head).toHaveAttribute('aria-sort', 'descending')
  await page.goto(`${full()}/events`)
  await page.getByRole('columnheader', { name: 'Time left' }).getByRole('button').click()
  await expect(page).toHaveURL(/sort=exhaustion/)
})

test('filters say how many there are of each, and take any attribute', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  const counts = async (query: string) => (await (await page.request.get(`${full()}/api/v1/events/counts?${query}`)).json()) as { total: number; by_level: Record<string, number> }
  const { total, by_level } = await counts('status=open')
  await expect(page.getByText(`Open${total}`, { exact: true })).toBeVisible()
  await page.getByRole('combobox', { name: 'Level' }).click({ force: true })
  await expect(page.getByRole('option', { name: /Critical/ })).toHaveText(`Critical${by_level.critical ?? 0}`)
  await page.keyboard.press('Escape')
  const attribute = page.getByRole('textbox', { name: 'Attribute, key:value' })
  await attribute.fill('nocolon')
  await attribute.press('Enter')
  await expect(page.getByText('Write key:value', { exact: false })).toBeVisible()
  await attribute.fill('-host:queue-1')
  await attribute.press('Enter')
  await expect(page).toHaveURL(/not=/)
  await expect(page.getByRole('rowgroup')).not.toContainText('queue-1')
})

test('what is cut off is said whole on hovering', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  await page.setViewportSize({ width: 900, height: 800 })
  const title = page.getByRole('rowgroup').getByRole('link').first()
  const whole = await title.textContent()
  expect(await title.evaluate((e) => e.scrollWidth > e.clientWidth)).toBe(true)
  await title.hover()
  await expect(page.getByRole('tooltip')).toHaveText(whole!)
})

test('whoever wants no motion gets none, waiting included', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await signIn(page, full())
  await page.route(/\/api\/v1\/hosts\?/, () => undefined) // never answered
  await page.goto(`${full()}/hosts`)
  const waiting = page.locator('.mantine-Skeleton-root').first()
  await expect(waiting).toBeVisible()
  const moving = await waiting.evaluate((e) => [e, ...e.querySelectorAll('*')].flatMap((one) => one.getAnimations({ subtree: true })).filter((a) => a.playState === 'running').length)
  expect(moving).toBe(0)
  await page.unroute(/\/api\/v1\/hosts\?/)
})
