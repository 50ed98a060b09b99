// What stands on a page while the server takes its time: nothing jumps when it answers, and nothing is said to be empty before.
import type { Page } from '@playwright/test'
import { expect, full, signIn, test } from './studio'

const slow = 600 // ms that each answer takes longer
const named = /\/(targets|inspections|policies)(\?|$)/ // what others are written with takes longer still, but for who uses whom
const most = 0.05 // layout shift, below which nobody is disturbed

const pages = [
  '/', '/events', '/events?status=all&q=queue', '/hosts', '/hosts/lab-1', '/inspections', '/inspections/new', '/runs', '/alerts/policies', '/alerts/targets', '/alerts/silences', '/alerts/notices',
  '/scripts', '/triggers', '/triggers/new', '/market', '/variables', '/settings/keys', '/settings/members', '/settings/sources', '/settings/collection', '/settings/general', '/settings/users',
  '/settings/workspaces', '/settings/audit', '/settings/about', '/welcome',
]

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] }

// watch adds up how far what is there moves, and notes each text that says that there is nothing.
const watch = () => {
  const seen = { moved: 0, by: [] as string[], empty: [] as string[] }
  Object.assign(window, { seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      if (entry.hadRecentInput) continue
      seen.moved += entry.value
      const of = entry.sources.map(({ node }) => (node instanceof Element ? node : node?.parentElement)).map((e) => `${e?.tagName} ${e?.textContent.slice(0, 40)}`)
      seen.by.push(`${entry.value.toFixed(3)} ${of.slice(0, 3).join(' | ')}`)
    }
  }).observe({ type: 'layout-shift', buffered: true })
  new MutationObserver(() => {
    for (const e of document.querySelectorAll('main [data-empty]')) if (!seen.empty.includes(e.textContent)) seen.empty.push(e.textContent)
  }).observe(document, { childList: true, subtree: true })
}

async function settled(page: Page) {
  await expect(page.locator('main h1, main h3').first()).toBeVisible()
  await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root')).toHaveCount(0)
  await page.waitForLoadState('networkidle')
}

for (const [scheme, width] of [['light', 1280], ['dark', 390]] as const) {
  test(`nothing jumps when the server answers (${scheme}, ${width} px)`, async ({ page }) => {
    test.setTimeout(240_000)
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width, height: 844 })
    await signIn(page, full())
    const event = await page.getByRole('link', { name: /queue-1/ }).first().getAttribute('href')
    const run = await page.request.get(`${full()}/api/v1/runs?limit=1`).then(async (answer) => ((await answer.json()) as { items: { id: string }[] }).items[0]!.id)
    const inspection = await page.request.get(`${full()}/api/v1/inspections`).then(async (answer) => ((await answer.json()) as { items: { id: string }[] }).items[0]!.id)
    await page.addInitScript(watch)
    await page.route(/\/api\/v1\/(?!stream)/, async (route) => {
      const more = named.exec(route.request().url())?.[1]
      await new Promise((wake) => setTimeout(wake, more === undefined ? slow : more === 'policies' ? 1.5 * slow : 2 * slow))
      await route.continue().catch(() => undefined) // the page that asked is gone
    })
    const jumps: string[] = []
    for (const path of [...pages, event!, `/runs/${run}`, `/inspections/${inspection}`]) {
      await page.goto(full() + path)
      await settled(page)
      const { moved, by, empty } = await page.evaluate(() => (window as unknown as { seen: { moved: number; by: string[]; empty: string[] } }).seen)
      if (moved >= most) jumps.push(`${path}: ${moved.toFixed(3)} ${by.join(' ; ')}`)
      const left = await page.locator('main [data-empty]').allTextContents()
      for (const text of empty.filter((one) => !left.includes(one))) jumps.push(`${path}: said "${text}" before it knew`)
    }
    expect(jumps).toEqual([])
  })
}
