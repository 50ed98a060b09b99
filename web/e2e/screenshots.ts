// Pictures of every page: light and dark, on a desk and on a phone, in both languages, and a sheet of each of these.
// They go to MEMSEEP_PICTURES (by default the folder pictures of web) and are looked at by a person; docs keep few of
// them, and the sheets.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, full, empty, signIn, test, type Language } from './studio'

const folder = process.env.MEMSEEP_PICTURES ?? 'pictures'
const only = process.env.MEMSEEP_PAGES?.split(',')

const pages: Record<string, string> = {
  overview: '/',
  events: '/events?status=all',
  'events-none': '/events?q=nothing+like+this',
  hosts: '/hosts?sort=level',
  host: '/hosts/lab-1',
  inspections: '/inspections',
  'inspection-new': '/inspections/new',
  runs: '/runs',
  scripts: '/scripts',
  triggers: '/triggers',
  market: '/market',
  variables: '/variables',
  policies: '/alerts/policies',
  targets: '/alerts/targets',
  silences: '/alerts/silences',
  notices: '/alerts/notices',
  keys: '/settings/keys',
  people: '/settings/members',
  sources: '/settings/sources',
  collection: '/settings/collection',
  general: '/settings/general',
  accounts: '/settings/users',
  workspaces: '/settings/workspaces',
  audit: '/settings/audit',
  password: '/settings/password',
  about: '/settings/about',
  welcome: '/welcome',
  'not-found': '/nowhere',
}

const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }
const views: { scheme: 'light' | 'dark'; size: keyof typeof sizes; language: Language }[] = [
  { scheme: 'light', size: 'desk', language: 'en' },
  { scheme: 'dark', size: 'desk', language: 'zh' },
  { scheme: 'light', size: 'phone', language: 'zh' },
  { scheme: 'dark', size: 'phone', language: 'en' },
]

for (const { scheme, size, language } of views) {
  test(`${scheme} ${size} ${language}`, async ({ page, complaints }) => {
    test.setTimeout(600_000)
    page.setDefaultTimeout(20_000)
    const dir = `${folder}/${size}-${scheme}-${language}`
    mkdirSync(dir, { recursive: true })
    await page.setViewportSize(sizes[size])
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const wide: string[] = []
    const shoot = async (name: string) => {
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
      await page.evaluate(() => document.fonts.ready)
      await page.screenshot({ path: `${dir}/${name}.png`, animations: 'disabled' })
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(name)
    }
    await page.addInitScript((chosen) => localStorage.setItem('memseep-language', chosen), language)
    await page.goto(full())
    await page.locator('input[autocomplete=username]').waitFor()
    await page.screenshot({ path: `${dir}/sign-in.png` })
    await signIn(page, full(), language)
    for (const [name, path] of Object.entries(pages)) {
      if (only && !only.includes(name)) continue
      await page.goto(full() + path)
      await page.locator('main h1, main h3').first().waitFor()
      await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
      await shoot(name)
    }
    for (const [name, host] of Object.entries({ event: 'queue-1', 'event-many': 'lab-1' })) {
      if (only && !only.includes(name)) continue
      await page.goto(`${full()}/events?q=${host}`)
      await page.getByRole('link', { name: new RegExp(host) }).first().click()
      await page.locator('.u-over').first().waitFor()
      await shoot(name)
      await page.evaluate(() => scrollTo(0, 900))
      await shoot(`${name}-below`)
    }
    if (!only || only.includes('inspection')) {
      await page.goto(`${full()}/inspections`)
      await page.getByRole('link', { name: 'memory leaks' }).first().click()
      await page.locator('form').first().waitFor()
      await shoot('inspection')
    }
    if (!only || only.includes('run')) {
      await page.goto(`${full()}/runs`)
      await page.getByRole('rowgroup').getByRole('link').first().click()
      await page.locator('dl').first().waitFor()
      await shoot('run')
    }
    if (!only || only.includes('target-new')) {
      await page.goto(`${full()}/alerts/targets`)
      await page.getByRole('main').getByRole('button').first().click()
      await page.getByRole('dialog').waitFor()
      await page.getByRole('dialog').locator('button[aria-expanded]').click()
      await page.getByRole('dialog').getByRole('region').first().waitFor()
      await shoot('target-new')
    }
    if (size === 'phone') {
      await page.goto(full())
      await page.locator('header button[aria-expanded]').first().click()
      await shoot('menu')
    }
    await page.goto(empty())
    await page.locator('input[autocomplete=username], main h1').first().waitFor()
    await page.screenshot({ path: `${dir}/empty.png` })
    await sheet(page, dir, size)
    expect(wide).toEqual([])
    complaints.length = 0
  })
}

// sheet puts all pictures of a folder on one, small, with their names: DIR.png.
async function sheet(page: Page, dir: string, size: keyof typeof sizes) {
  const [columns, width] = size === 'desk' ? [5, 300] : [8, 180]
  const pictures = readdirSync(dir).filter((file) => file.endsWith('.png')).sort()
  const cells = pictures.map((file) => {
    const data = readFileSync(`${dir}/${file}`).toString('base64')
    return `<figure><img width="${width}" src="data:image/png;base64,${data}"><figcaption>${file.replace('.png', '')}</figcaption></figure>`
  })
  const style = `body { margin: 8px; font: 11px sans-serif; background: #d0d4d8; display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 8px } figure { margin: 0 }`
  await page.setViewportSize({ width: columns * (width + 8) + 16, height: 600 })
  await page.goto('about:blank')
  await page.setContent(`<style>${style}</style>${cells.join('')}`)
  await page.screenshot({ path: `${dir}.png`, fullPage: true })
}
