// Charts: names alone until somebody is at them, values by pointer and by keyboard, a closer look that can be left.
import type { Page } from '@playwright/test'
import { expect, full, signIn, test } from './studio'

const memory = (page: Page) => page.getByRole('region', { name: 'Memory' })

async function open(page: Page, host = 'k8s-1') {
  await signIn(page, full(), 'en', `/events?q=${host}`)
  await page.getByRole('link', { name: new RegExp(host) }).first().click()
  await expect(memory(page).locator('canvas')).toBeVisible()
  await memory(page).locator('canvas').scrollIntoViewIfNeeded()
}

test('a chart names its lines, the band once, and says values where the pointer is', async ({ page }) => {
  await open(page)
  const region = memory(page)
  for (const name of ['In use', 'Floor of 15 min', 'Growth', 'Forecast']) await expect(region.getByText(name, { exact: true })).toHaveCount(1)
  await expect(region).not.toContainText(/--|–|Earliest|Latest/)
  const size = () => region.evaluate((e) => [e.clientWidth, e.clientHeight])
  const before = await size()
  await region.locator('.u-over').hover({ position: { x: 100, y: 100 } })
  await expect(region).toContainText(/\d{4}, \d\d:\d\d:\d\d UTC/)
  await expect(region).toContainText(/In use\d+\.\d %/)
  expect(await size()).toEqual(before) // it takes no room
  const { width } = (await region.locator('.u-over').boundingBox())!
  await region.locator('.u-over').hover({ position: { x: width - 20, y: 100 } })
  await expect(region).toContainText(/Forecast\d+\.\d % – \d+\.\d %/)
  await page.mouse.move(0, 0)
  await expect(region).not.toContainText('UTC')
})

test('a chart can be read by keyboard', async ({ page }) => {
  await open(page)
  const chart = memory(page).getByRole('group', { name: /Arrow keys/ })
  await chart.focus()
  await expect(memory(page)).not.toContainText('UTC')
  await page.keyboard.press('ArrowRight')
  const said = memory(page).getByRole('status')
  await expect(said).toContainText(/UTC, In use \d+\.\d %/)
  const first = await said.textContent()
  await page.keyboard.press('ArrowRight')
  await expect(said).not.toHaveText(first!)
  await page.keyboard.press('End')
  await expect(said).toContainText('Forecast')
  await page.keyboard.press('Escape')
  await expect(said).toHaveCount(0)
})

test('a part of a chart is looked at closely, new data does not end it, and a button does', async ({ page }) => {
  await open(page)
  const box = (await memory(page).locator('.u-over').boundingBox())!
  await page.mouse.move(box.x + 60, box.y + 80)
  await page.mouse.down()
  await page.mouse.move(box.x + 200, box.y + 80, { steps: 4 })
  await page.mouse.up()
  const whole = page.getByRole('button', { name: 'Show the whole time' })
  await expect(whole).toBeVisible()
  const { csrf } = (await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }
  await page.request.post(`${full()}/api/v1/events/${page.url().split('/').at(-1)}/acknowledge`, { headers: { 'X-CSRF-Token': csrf }, data: { note: 'looking' } })
  await expect(page.getByText('Taken care of by admin').first()).toBeVisible()
  await expect(whole).toBeVisible()
  await whole.click()
  await expect(whole).toHaveCount(0)
})

// Canvas has no text to find: what is written on it is noted.
test('limit and onset are said where they are out of sight', async ({ page }) => {
  await page.addInitScript(() => {
    const written: string[] = []
    Object.assign(window, { written })
    const original = CanvasRenderingContext2D.prototype.fillText
    CanvasRenderingContext2D.prototype.fillText = function (text: string, ...others: [number, number, number?]) {
      written.push(text)
      original.call(this, text, ...others)
    }
  })
  await open(page, 'llm-1')
  await expect(memory(page).getByRole('radio', { name: '7 d' })).toBeChecked() // what grows for days is not seen in six hours
  await page.goto(`${page.url()}?span=window`)
  const written = () => page.evaluate(() => (window as unknown as { written: string[] }).written.filter((text) => /Limit|Onset/.test(text)))
  await expect.poll(written).toContainEqual(expect.stringMatching(/^(↑ )?Limit 100\.0 %$/))
  await expect.poll(written).toContainEqual(expect.stringMatching(/^← Onset \d{1,2} \w{3,4} \d{4}/))
})

test('of a leak that is killed again and again the chart shows the life that goes on, and the page says when it is killed next', async ({ page }) => {
  await open(page, 'queue-1')
  await expect(page.locator('dt', { hasText: 'Next kill in' }).locator('+ dd')).toHaveText(/^(\d+ h )?\d+ min$/)
  await expect(page.getByText(/It was killed \d+ times since .* at about \d+\.\d % each/)).toBeVisible()
  const chart = memory(page).getByRole('group', { name: /Arrow keys/ })
  await chart.focus()
  await page.keyboard.press('ArrowRight')
  const said = memory(page).getByRole('status')
  await expect(said).toContainText('In use')
  await expect(said).not.toContainText('Growth') // six hours ago another life went on
  await page.goto(`${full()}/events?q=queue-1`)
  await expect(page.getByRole('row', { name: /queue-1/ })).toContainText(/↻ (\d+ h )?\d+ min/)
})
