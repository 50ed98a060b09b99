// The startup script that people have, unchanged: installed from the market, deployed with a key, run by
// its trigger, configured on its inspection's page, and an event raised on a host that leaks.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, full, signIn, test } from './studio'

const title = '内存泄漏自建巡检' // of its function
const digest = readFileSync(resolve('../internal/script/testdata/startup/startup_memory_leak.py.sha256'), 'utf8').trim().split(/\s/)[0]

async function noSeriousFaults(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()
  const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
  expect(serious.map((v) => `${what}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
}

const last = (address: string | null) => address!.split('/').at(-1)!

// clear takes away what a try before this one has left.
async function clear(page: Page) {
  const session = (await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }
  const headers = { 'X-CSRF-Token': session.csrf }
  const items = async (what: string) => ((await (await page.request.get(`${full()}/api/v1/${what}`)).json()) as { items: { id: string; name: string; origin: string }[] }).items
  await page.request.delete(`${full()}/api/v1/packages/memory_leak`, { headers })
  for (const set of (await items('scripts/sets')).filter((s) => s.name === 'startup')) await page.request.delete(`${full()}/api/v1/scripts/sets/${set.id}`, { headers })
  for (const i of (await items('inspections')).filter((one) => one.origin === 'script')) await page.request.delete(`${full()}/api/v1/inspections/${i.id}`, { headers })
}

async function makeKey(page: Page): Promise<string> {
  await page.goto(`${full()}/settings/keys`)
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('startup script')
  await dialog.getByRole('combobox', { name: 'May' }).click({ force: true })
  await page.getByRole('option', { name: 'Write', exact: true }).click()
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'New key' }).click()
  const key = await page.locator('[data-secret]').first().innerText()
  await page.getByRole('button', { name: 'Close' }).last().click()
  return key
}

async function runNow(page: Page, trigger: string) {
  await page.goto(`${full()}/triggers/${trigger}`)
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(page).toHaveURL(/\/runs\/[0-9A-Z]{26}$/)
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 60_000 })
}

const check = `from guance_monitor__runner import Runner

def low():
    print('looking at /data')
    return {'title': 'Disk /data is nearly full', 'message': 'free: **3 %**, <img src=x onerror="window.harmed=1">',
            'status': 'info', 'dimension_tags': {'host': 'web-3', 'disk': '/data'}}

def run():
    Runner([low]).run()
    return {'checked': 1}

def fails():
    return 1 / 0
`

test('what a check of your own reports is shown in its words, and a failure with its line', async ({ page }) => {
  test.setTimeout(120_000)
  await signIn(page, full())
  const { csrf } = (await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }
  const send = async (path: string, data: object, version?: string) => {
    const answer = await page.request.post(`${full()}/api/v1/${path}`, { headers: { 'X-CSRF-Token': csrf, ...(version && { 'If-Match': version }) }, data })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return { version: answer.headers().etag, ...((await answer.json()) as { id: string }) }
  }
  const set = await send('scripts/sets', { name: `checks${Date.now()}`, title: 'Checks' })
  const script = await send('scripts', { set_id: set.id, name: 'disk', draft: check })
  await send(`scripts/${script.id}/publish`, { note: '' }, script.version)
  const trigger = async (name: string) => (await send('triggers', { script_id: script.id, function: name, schedule: '0 6 * * *', enabled: false })).id

  await runNow(page, await trigger('run'))
  await expect(page.getByText('looking at /data')).toContainText(/\d\d:\d\d:\d\d\.\d{3} \+\d+\.\d{3} s \d+\.\d{3} s/)
  await expect(page.getByText('"checked": 1')).toBeVisible()
  await expect(page.locator('dt', { hasText: 'Peak memory' })).toBeVisible()
  await page.goto(`${full()}/events?kind=check`)
  await page.getByRole('link', { name: 'Disk /data is nearly full' }).first().click()
  await expect(page.getByText('Info', { exact: true }).first()).toBeVisible()
  const said = page.getByRole('region', { name: 'Reported by the script' })
  await expect(said.locator('strong')).toHaveText('3 %')
  await expect(said).toContainText('<img src=x')
  await expect(page.getByRole('heading', { name: 'Memory', exact: true })).toHaveCount(0)
  await noSeriousFaults(page, 'event of a check')
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false)

  await page.goto(`${full()}/triggers/${await trigger('fails')}`)
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(page.getByText('Failed', { exact: true }).first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'Traceback' })).toContainText('return 1 / 0')
})

test.describe.serial('the startup script', () => {
  test('is installed, deployed, run, configured on its page, and raises an event', async ({ page }) => {
    test.setTimeout(240_000)
    await signIn(page, full())
    await clear(page)
    await page.goto(`${full()}/market`)
    await page.getByRole('link', { name: 'Memory-leak inspection' }).click()
    await expect(page.getByRole('heading', { name: 'Change log' })).toBeVisible()
    await page.getByRole('button', { name: 'Install', exact: true }).click()
    await expect(page.getByRole('dialog')).toContainText('Nothing runs yet.')
    await page.getByRole('dialog').getByRole('button', { name: 'Install', exact: true }).click()
    await expect(page.getByText('installed 1.', { exact: false }).first()).toBeVisible()
    await noSeriousFaults(page, 'package')
    const packagePage = page.url()

    const key = await makeKey(page)
    const [id, secret] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
    await page.goto(packagePage)
    await expect(page.getByRole('button', { name: 'Deploy startup script' })).toBeDisabled()
    await page.getByRole('textbox', { name: 'API key id' }).fill(id)
    await page.getByLabel('API key', { exact: false }).and(page.locator('[type=password]')).fill(secret)
    await page.getByRole('button', { name: 'Deploy startup script' }).click()
    const deployed = page.getByRole('alert').filter({ hasText: 'The startup script is deployed' })
    await expect(deployed).toBeVisible()
    const script = last(await deployed.getByRole('link', { name: 'Startup script' }).getAttribute('href'))
    const trigger = last(await deployed.getByRole('link', { name: 'Its trigger' }).getAttribute('href'))

    const headers = { Authorization: `Bearer ${key}` }
    const kept = await page.request.get(`${full()}/api/v1/scripts/${script}`, { headers })
    const { code } = (await kept.json()) as { code: string }
    expect(createHash('sha256').update(code).digest('hex')).toBe(digest)

    // Its trigger has the schedule that the script fixes.
    await deployed.getByRole('link', { name: 'Its trigger' }).click()
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Crontab' })).toHaveValue('0 * * * *')
    await expect(page.getByRole('textbox', { name: 'Crontab' })).toHaveAttribute('readonly')
    await noSeriousFaults(page, 'trigger')
    await runNow(page, trigger)
    await noSeriousFaults(page, 'run')
    await page.getByRole('link', { name: 'Its trigger' }).click()
    await expect(page.getByRole('table', { name: 'Records' }).getByRole('row').nth(1)).toContainText('Succeeded')

    // The first run registered it: it is an inspection like others, and what its page says wins.
    await page.goto(`${full()}/inspections`)
    await page.getByRole('link', { name: title }).click()
    await expect(page.getByRole('textbox', { name: 'Schedule' })).toHaveAttribute('readonly')
    await page.getByRole('textbox', { name: 'Hosts' }).fill('queue-1\nweb-1')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
    await noSeriousFaults(page, 'inspection')
    const inspection = last(page.url())

    // Of the page's two hosts the script's filter keeps one; that it would keep db-1 too says nothing.
    const own = code.replace("['iZuf6aq9gu32lpgvx8ynhbZ']", "['queue-1', 'db-1']")
    expect(own).not.toBe(code)
    const version = kept.headers().etag!
    const saved = await page.request.put(`${full()}/api/v1/scripts/${script}`, { headers: { ...headers, 'If-Match': version }, data: { draft: own } })
    expect(saved.status()).toBe(200)
    const published = await page.request.post(`${full()}/api/v1/scripts/${script}/publish`, { headers: { ...headers, 'If-Match': saved.headers().etag! }, data: { note: 'queue-1 alone' } })
    expect(published.status()).toBe(200)
    await runNow(page, trigger)
    await expect(page.locator('dt', { hasText: /^Hosts$/ }).locator('+ dd')).toHaveText('1')

    await page.goto(`${full()}/events?inspection=${inspection}`)
    const rows = page.getByRole('rowgroup').getByRole('row')
    await expect(rows).toHaveCount(1)
    await rows.getByRole('link', { name: /queue-1/ }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('queue-1')
    await expect(page.getByRole('link', { name: `Configuration of the inspection ${title}` })).toBeVisible()

    // Deployed once more, what is there stays, unless it is asked to go; the page shows what differs.
    await page.goto(packagePage)
    await page.getByRole('button', { name: 'Compare' }).click()
    await expect(page.getByText("+    if host in ['iZuf6aq9gu32lpgvx8ynhbZ']:")).toBeVisible()
    await page.getByRole('button', { name: 'Deploy startup script' }).click()
    await expect(page.getByText('The startup script that was there is kept')).toBeVisible()
    await expect(page.getByRole('link', { name: 'Its inspection' })).toHaveAttribute('href', `/inspections/${inspection}`)
  })

  test('and a trigger of its own function is made by a form, held and deleted', async ({ page }) => {
    test.setTimeout(120_000) // a long form, and a look at all of it for faults of access: a minute is not enough on a loaded machine
    await signIn(page, full(), 'en', '/triggers')
    await page.getByRole('link', { name: 'New trigger' }).click()
    await page.getByRole('combobox', { name: 'Script' }).click()
    await page.getByRole('option', { name: /memory_leak__filters/ }).click()
    await page.getByRole('combobox', { name: 'Function' }).click()
    await page.getByRole('option', { name: 'named' }).click()
    await page.getByRole('textbox', { name: 'Arguments (JSON)' }).fill('["web-*"')
    await expect(page.getByText('This is no JSON')).toBeVisible()
    await page.getByRole('textbox', { name: 'Arguments (JSON)' }).fill('["web-*"]')
    await page.getByRole('combobox', { name: 'Hour' }).click()
    await page.getByRole('option', { name: '6', exact: true }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('textbox', { name: 'As a crontab line' })).toHaveValue('0 6 * * *')
    await expect(page.getByText(/06:00/)).toHaveCount(3)
    await page.getByText('Write', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Crontab' }).fill('61 * * * *')
    await expect(page.getByText(/61/).last()).toBeVisible()
    await page.getByRole('textbox', { name: 'Crontab' }).fill('*/20 6 * * 1-5')
    await page.getByRole('textbox', { name: 'Note' }).fill('made by a test')
    await noSeriousFaults(page, 'new trigger')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page).toHaveURL(/\/triggers\/[0-9A-Z]{26}$/)

    await page.goto(`${full()}/triggers`)
    const row = page.getByRole('row', { name: /made by a test/ })
    await expect(row).toContainText('dynamic')
    await expect(page.getByRole('row', { name: title })).toContainText(/fixed.*Succeeded/s)
    await row.getByRole('switch').press('Space') // a forced click would not wait until the row stands still
    await expect(row.getByRole('switch')).not.toBeChecked()
    await row.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect(row).toHaveCount(0)
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`its pages read well in Chinese (${scheme})`, async ({ page }) => {
      test.setTimeout(120_000)
      await page.emulateMedia({ colorScheme: scheme })
      await signIn(page, full(), 'zh', '/market')
      await expect(page.getByRole('heading', { name: '市场', level: 1 })).toBeVisible()
      await expect(page.getByText('已安装 1.', { exact: false }).first()).toBeVisible()
      await noSeriousFaults(page, 'market')
      await page.getByRole('link', { name: '内存泄漏巡检' }).click()
      await expect(page.getByRole('button', { name: '部署启动脚本' })).toBeVisible()
      await noSeriousFaults(page, 'package')
      await page.goto(`${full()}/triggers`)
      await expect(page.getByRole('row', { name: title })).toContainText(/固定.*成功/s)
      await noSeriousFaults(page, 'triggers')
      await page.getByRole('link', { name: title }).click()
      await expect(page.getByText('由脚本固定（fixed_crontab），请在脚本中修改。')).toBeVisible()
      await noSeriousFaults(page, 'trigger')
    })
  }
})
