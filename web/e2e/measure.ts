// The web app with 5,000 hosts and 100,000 events: what is measured is printed, and stands in docs/web.md.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { freePort, user } from './servers'
import { expect, signIn, test } from './studio'

const mostKilobytes = 400 // of the first load, compressed, with the overview
let server: ChildProcess | undefined
let address = ''
let dir = process.env.MEMSEEP_MEASURE_DATA ?? '' // a directory that was filled before

test.beforeAll(async () => {
  test.setTimeout(600_000)
  const env = { ...process.env, MEMSEEP_ADMIN_PASSWORD: user.password }
  if (!dir) {
    dir = mkdtempSync(join(tmpdir(), 'memseep-measure-'))
    execFileSync('go', ['run', './web/e2e/fill', '-data', dir], { cwd: resolve('..'), env, stdio: 'inherit' })
  }
  const listen = `127.0.0.1:${await freePort()}`
  address = `http://${listen}`
  server = spawn(resolve('../bin/memseep'), ['serve', '--data', dir, '--listen', listen, '--no-agent'], { stdio: ['ignore', 'ignore', 'inherit'], env })
  await expect(async () => expect((await fetch(`${address}/readyz`)).ok).toBe(true)).toPass({ timeout: 60_000 })
})

test.afterAll(async () => {
  const running = server
  if (running) await new Promise<void>((ended) => (running.once('exit', () => ended()), running.kill('SIGTERM')))
  if (!process.env.MEMSEEP_MEASURE_DATA) rmSync(dir, { recursive: true, force: true })
})

const say = (name: string, value: string) => console.log(`measured ${name.padEnd(44)} ${value}`)

test('a large fleet stays fluid', async ({ page }) => {
  test.setTimeout(900_000)
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  let loaded = 0
  cdp.on('Network.loadingFinished', (e) => (loaded += e.encodedDataLength))
  await signIn(page, address)
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  await page.waitForLoadState('networkidle').catch(() => undefined)
  say('first load with sign-in and overview', `${(loaded / 1000).toFixed(0)} kB`)
  expect(loaded / 1000).toBeLessThan(mostKilobytes)

  await page.getByRole('link', { name: 'Inspections', exact: true }).click()
  await page.getByRole('button', { name: 'Run now' }).first().click()
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 120_000 })

  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    return `heap ${(usedSize / 2 ** 20).toFixed(0)} MiB`
  }
  // Time of a processor that the page takes, which tells the same on a machine that does other things too.
  const browser = await page.context().browser()!.newBrowserCDPSession()
  const cpu = async () => {
    const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
    return 1000 * processInfo.filter((p) => p.type === 'renderer').reduce((sum, p) => sum + p.cpuTime, 0) // ms
  }
  for (const list of ['Hosts', 'Events', 'Runs']) {
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      await page.getByRole('link', { name: 'Settings', exact: true }).click()
      await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
      await page.evaluate(() => new Promise((done) => setTimeout(done, 500)))
      times.push(await opened(page, list))
    }
    say(`${list}: from click to rows, median and worst`, `${middle(times).toFixed(0)} ms, ${Math.max(...times).toFixed(0)} ms`)
    if (list === 'Events') {
      await page.goto(`${address}/events?status=all`)
      await expect(page.getByRole('rowgroup').getByRole('row').first()).toBeVisible()
    }
    const before = await cpu()
    const s = await scrolled(page, list === 'Hosts' ? 90_000 : 30_000)
    const spent = (await cpu()) - before
    say(`${list}: scrolled to row ${s.rows} at ${s.speed.toFixed(0)} px/s`, `frames p50 ${at(s.frames, 0.5)}, p95 ${at(s.frames, 0.95)}, p99 ${at(s.frames, 0.99)}, worst ${at(s.frames, 1)} ms; ${await heap()}`)
    say(`${list}: processor for a frame, and for a row that comes in`, `${(spent / s.frames.length).toFixed(1)} ms, ${(spent / s.rows).toFixed(1)} ms`)
    if (list === 'Hosts') expect.soft(s.rows).toBe(5000)
  }

  for (const path of ['overview', 'health', ...['name', 'value', 'level', 'exhaustion', 'seen'].map((sort) => `hosts?limit=100&sort=${sort}`)]) {
    const took: number[] = []
    for (let i = 0; i < 7; i++) {
      const begun = performance.now()
      await (await page.request.get(`${address}/api/v1/${path}`)).body()
      took.push(performance.now() - begun)
    }
    say(`the server: /${path}, median and worst`, `${middle(took).toFixed(0)} ms, ${Math.max(...took).toFixed(0)} ms`)
  }

  for (const [path, label, text, row] of [
    ['/hosts', 'Search by name', 'host-0123', 10],
    ['/events', 'Search in name, object, culprit', 'host-0123', 1],
  ] as const) {
    await page.goto(address + path + (path === '/events' ? '?status=all' : ''))
    await expect(page.getByRole('rowgroup').getByRole('row').first()).toBeVisible()
    const t = await typed(page, label, text)
    await expect(page.getByRole('rowgroup').getByRole('row').nth(row - 1)).toContainText('host-0123')
    say(`${path}: a key in the filter to the next frame`, `median ${middle(t.keys).toFixed(0)}, worst ${Math.max(...t.keys).toFixed(0)} ms`)
    say(`${path}: last key to the filtered rows`, `${t.shown.toFixed(0)} ms, of which 300 ms wait for the next key`)
  }

  const drawn: number[] = []
  for (const host of ['host-00100', 'host-00200', 'host-00300', 'host-00400', 'host-00500']) { // what was asked for once is kept
    await page.goto(`${address}/hosts/${host}`)
    await expect(page.locator('.u-over').first()).toBeVisible()
    drawn.push(await week(page))
  }
  say('a host: seven days, from click to the curve', `${middle(drawn).toFixed(0)} ms; ${await heap()}`)
})

const middle = (values: number[]) => [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)]!
const at = (frames: number[], part: number) => [...frames].sort((x, y) => x - y)[Math.min(frames.length - 1, Math.floor(part * frames.length))]!.toFixed(0)

// opened is the time in ms from a click in the navigation until the first row is painted.
const opened = (page: Page, name: string) =>
  page.evaluate(async (label) => {
    const link = [...document.querySelectorAll('nav a')].find((a) => a.textContent.startsWith(label)) as HTMLElement
    const begun = performance.now()
    link.click()
    const frame = () => new Promise(requestAnimationFrame)
    while (!document.querySelector('[role=rowgroup] [role=row]')) await frame()
    await frame()
    return performance.now() - begun
  }, name)

// scrolled goes down as fast as rows come, until the end or for so many ms, and keeps the time of each frame.
const scrolled = (page: Page, most: number) =>
  page.evaluate(async (limit) => {
    const step = 200 // px a frame
    const frames: number[] = []
    const begun = performance.now()
    let before = begun
    let still = begun // since when nothing moved
    const from = scrollY
    while (performance.now() - begun < limit && performance.now() - still < 2_000) {
      const y = scrollY
      scrollBy(0, step)
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      frames.push(now - before)
      before = now
      if (scrollY !== y) still = now
    }
    const last = [...document.querySelectorAll('[role=rowgroup] [data-index]')].map((row) => Number((row as HTMLElement).dataset.index))
    const speed = (scrollY - from) / ((still - begun) / 1000)
    return { frames: frames.slice(1), rows: Math.max(...last) + 1, speed }
  }, most)

// typed writes into a filter key by key; times in ms of each key to the next frame, and of the last one to other rows.
async function typed(page: Page, label: string, text: string) {
  const field = page.getByLabel(label)
  await field.click()
  await page.evaluate(() => {
    const times: number[] = (window as unknown as { keys: number[] }).keys = []
    addEventListener('keydown', (e) => ((window as unknown as { lastKey: number }).lastKey = e.timeStamp), { capture: true })
    addEventListener('keydown', (e) => requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - e.timeStamp))), { capture: true })
  })
  await page.keyboard.type(text.slice(0, -1), { delay: 100 })
  await page.keyboard.press(text.slice(-1))
  const shown = await page.evaluate(async (wanted) => {
    const begun = (window as unknown as { lastKey: number }).lastKey
    const rows = () => [...document.querySelectorAll('[role=rowgroup] [role=row]')]
    while (rows().length === 0 || rows().some((row) => !row.textContent?.includes(wanted))) await new Promise(requestAnimationFrame)
    return performance.now() - begun
  }, text)
  const keys = await page.evaluate(() => (window as unknown as { keys: number[] }).keys)
  return { keys, shown }
}

// week asks for seven days; the time in ms until the last line of the curve is drawn.
const week = (page: Page) =>
  page.evaluate(async () => {
    const choice = [...document.querySelectorAll('label')].find((l) => l.textContent === '7 d') as HTMLElement
    const canvas = CanvasRenderingContext2D.prototype
    const stroke = canvas.stroke
    let last = 0
    canvas.stroke = function (this: CanvasRenderingContext2D, ...path: unknown[]) {
      last = performance.now()
      Reflect.apply(stroke, this, path)
    }
    const begun = performance.now()
    choice.click()
    await new Promise((done) => setTimeout(done, 2_000))
    canvas.stroke = stroke
    return last - begun
  })
