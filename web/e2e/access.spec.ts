// Every page by keyboard and screen reader: axe finds nothing serious, dark or light.
import AxeBuilder from '@axe-core/playwright'
import { expect, full, signIn, test } from './studio'

const pages = ['/', '/events', '/hosts', '/hosts/lab-1', '/inspections', '/inspections/new', '/runs', '/alerts/policies', '/alerts/targets', '/alerts/silences', '/alerts/notices', '/settings/keys', '/settings/collection', '/settings/general', '/settings/about', '/welcome', '/nowhere']

for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious fault of access (${scheme})`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.emulateMedia({ colorScheme: scheme })
    await signIn(page, full())
    const event = await page.getByRole('link', { name: /queue-1/ }).first().getAttribute('href')
    const faults: string[] = []
    for (const path of [...pages, event!]) {
      await page.goto(full() + path)
      await expect(page.locator('main h1, main h3').first()).toBeVisible()
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()
      for (const v of result.violations) {
        if (v.impact === 'serious' || v.impact === 'critical') faults.push(`${path}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`)
      }
    }
    expect(faults).toEqual([])
  })
}

test('a page can be worked by keyboard', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  await expect(page.getByRole('rowgroup').getByRole('row').first()).toBeVisible()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to the content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  const more = page.getByRole('button', { name: 'Filter by what this row has' }).first()
  await more.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown') // at once: no key is lost
  await expect(page.getByRole('menuitem').nth(1)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(more).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(more).toBeFocused()
})
