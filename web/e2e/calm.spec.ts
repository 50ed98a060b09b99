// A page that changes by itself while somebody is at it: nothing moves under the pointer, nothing that was typed is lost.
import type { Page } from '@playwright/test'
import { user } from './servers'
import { expect, full, signIn, test } from './studio'

type List = { items: { id: string; title: string }[] }

const rows = (page: Page) => page.getByRole('rowgroup').getByRole('row')

// happens has the server tell all pages that an event has changed.
async function happens(page: Page) {
  const { csrf } = (await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }
  const { items } = (await (await page.request.get(`${full()}/api/v1/events?status=open`)).json()) as List
  const answer = await page.request.post(`${full()}/api/v1/events/${items.at(-1)!.id}/acknowledge`, { headers: { 'X-CSRF-Token': csrf }, data: { note: 'seen' } })
  expect(answer.ok()).toBe(true)
}

test('a list keeps its rows in place while somebody is at it, and says what is new', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  await expect(rows(page).nth(3)).toBeVisible()
  let newer = false
  await page.route(/\/api\/v1\/events\?/, async (route) => {
    const answer = await route.fetch()
    const list = (await answer.json()) as List
    if (newer) list.items.unshift({ ...list.items[0]!, id: '01ZZZZZZZZZZZZZZZZZZZZZZZZ', title: 'a leak that came just now' })
    await route.fulfill({ response: answer, json: list })
  })
  const third = await rows(page).nth(2).getByRole('link').first().textContent()
  await rows(page).nth(2).hover()
  newer = true
  await happens(page)
  const news = page.getByRole('button', { name: '1 new: show it' })
  await expect(news).toBeVisible()
  await expect(rows(page).nth(2).getByRole('link').first()).toHaveText(third!)
  await expect(page.getByText('a leak that came just now')).toHaveCount(0)
  await news.click()
  await expect(rows(page).first()).toContainText('a leak that came just now')
  await expect(news).toHaveCount(0)

  await page.mouse.move(0, 0) // where nobody is at it, it is as it is
  newer = false
  await happens(page)
  await expect(page.getByText('a leak that came just now')).toHaveCount(0)
})

test('ticking a row moves no other row', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  const place = () => rows(page).nth(1).evaluate((e) => e.getBoundingClientRect().top)
  await expect(rows(page).nth(1)).toBeVisible()
  const before = await place()
  await rows(page).first().getByRole('checkbox').check()
  await expect(page.getByText('1 selected')).toBeInViewport()
  expect(await place()).toBe(before)
  await page.getByRole('button', { name: 'Unselect' }).click()
  await expect(page.getByText('1 selected')).toHaveCount(0)
})

test('what is typed outlasts a session that ends, and is saved after signing in', async ({ page, context, complaints }) => {
  await signIn(page, full(), 'en', '/events?q=queue-1')
  await page.getByRole('link', { name: /queue-1/ }).first().click()
  await page.getByRole('button', { name: 'This is not a leak' }).click()
  const reason = page.getByLabel('Reason')
  await reason.fill('it is bounded by its configuration')
  await context.clearCookies()
  await page.getByRole('dialog').getByRole('button', { name: 'This is not a leak' }).click()
  const again = page.getByRole('dialog', { name: 'Your session has ended' })
  await expect(again).toBeVisible()
  await again.locator('input[type=password]').fill(user.password)
  await again.getByRole('button', { name: 'Sign in' }).click()
  await expect(again).toHaveCount(0)
  await expect(reason).toHaveValue('it is bounded by its configuration')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('queue-1')
  await page.getByRole('dialog').click({ position: { x: 5, y: 5 } })
  await page.mouse.click(5, 5) // beside it: what was typed stays
  await expect(reason).toHaveValue('it is bounded by its configuration')
  complaints.length = 0 // the browser logs the 401 that was asked for
})

test('a panel that fails leaves the others usable, and the page where it is', async ({ page, complaints }) => {
  await signIn(page, full(), 'en', '/events?q=queue-1')
  await page.route(/\/events\/[^/]+\/(series|related|notices)/, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"Internal Server Error","detail":"the source does not answer"}' }))
  await page.getByRole('link', { name: /queue-1/ }).first().click()
  await expect(page.getByRole('alert').filter({ hasText: 'the source does not answer' })).toHaveCount(3)
  await expect(page.getByRole('region', { name: 'Memory' }).locator('canvas')).toBeVisible() // what was kept at the opening
  await expect(page.getByRole('region', { name: 'Who grew' })).toContainText('sidekiq')

  await page.route(/\/api\/v1\/events\/[0-9A-Z]{26}$/, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"it broke"}' }))
  await happens(page)
  await expect(page.getByRole('alert').filter({ hasText: 'it broke' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('queue-1')
  complaints.length = 0 // the browser logs each 500 that was asked for
})
