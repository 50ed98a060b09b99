// An event on paper: in light colours whatever the screen has, with times that say something tomorrow.
import { expect, full, signIn, test } from './studio'

test('an event is printed for paper, and the page is as before afterwards', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await signIn(page, full(), 'en', '/events?q=queue-1')
  await page.getByRole('link', { name: /queue-1/ }).first().click()
  await expect(page.locator('.u-over').first()).toBeVisible()
  const root = page.locator('html')
  const chart = () => page.locator('.uplot').first().evaluate((e) => e.getBoundingClientRect().width)
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'dark')
  const wide = await chart()

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'light')
  expect(await chart()).toBe(660)
  await expect(page.getByRole('navigation')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Recover', exact: true })).toBeHidden()
  await expect(page.getByText(/\/events\/[0-9A-Z]{26}, printed /)).toBeVisible()
  const times = await page.locator('main time').evaluateAll((all) => all.map((e) => getComputedStyle(e, '::after').content))
  expect(times.length).toBeGreaterThan(0)
  for (const time of times) expect(time).toMatch(/^" \(" ".*UTC" "\)"$|^" \(.*UTC\)"$/)

  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' })
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect.poll(chart).toBe(wide)

  const file = await page.pdf({ format: 'A4' })
  expect(file.subarray(0, 5).toString()).toBe('%PDF-')
})
