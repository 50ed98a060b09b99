// What the owner of the fleet does on Monday.
import { empty, expect, full, languages, say, signIn, test } from './studio'
import { webhook } from './webhook'

test('an inspection is edited, tried out and run, and its progress is seen', async ({ page }) => {
  await signIn(page, full(), 'en', '/inspections')
  await page.getByRole('link', { name: 'New inspection' }).click()
  await page.getByLabel('Name').fill('web servers')
  await page.getByRole('textbox', { name: 'Hosts' }).fill('web-*\nnobody-*')
  await expect(page.getByText(/3 of \d+ hosts match/)).toBeVisible()
  await expect(page.getByText('Nothing matches: nobody-*')).toBeVisible()

  await page.getByRole('button', { name: 'Try it out' }).click()
  await expect(page.getByText(/3 hosts inspected, \d+ leaks/)).toBeVisible()
  await page.getByRole('button', { name: 'Backtest' }).click()
  await expect(page.getByText(/It would have raised \d+ events/)).toBeVisible({ timeout: 40_000 })

  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/\/inspections\/[0-9A-Z]{26}$/)
  await page.goto(`${full()}/inspections`)
  await page.getByRole('row', { name: /web servers/ }).getByRole('button', { name: 'Run now' }).click()
  await expect(page).toHaveURL(/\/runs\/[0-9A-Z]{26}$/)
  await expect(page.getByText('Succeeded').first()).toBeVisible()
  await expect(page.getByText('3 hosts inspected', { exact: false })).toBeVisible()
})

test('two people who change one inspection are told', async ({ page, context, complaints }) => {
  await signIn(page, full(), 'en', '/inspections')
  await page.getByRole('link', { name: 'memory leaks' }).click()
  const other = await context.newPage()
  await other.goto(page.url())
  await other.getByLabel('Help').fill('changed by the other')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(other.getByText('Saved', { exact: true })).toBeVisible()
  await page.getByLabel('Help').fill('changed by me')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Somebody else changed this inspection meanwhile.')).toBeVisible()
  await expect(page.getByLabel('Help')).toHaveValue('changed by me')
  complaints.length = 0 // the browser logs the 412 that was asked for
})

for (const language of languages) {
  test(`a key is made, shown once and revoked (${language})`, async ({ page }) => {
    await signIn(page, full(), language, '/settings/keys')
    await page.getByRole('button', { name: say(language, 'New key', '新建密钥') }).click()
    await page.getByRole('dialog').getByLabel(say(language, 'Name', '名称')).fill(`key ${language}`)
    await page.getByRole('dialog').getByRole('button', { name: say(language, 'New key', '新建密钥') }).click()
    const secret = await page.locator('[data-secret]').first().innerText()
    expect(secret).toContain(':')
    const ask = () => page.request.fetch(`${full()}/api/v1/write`, { method: 'POST', headers: { Authorization: `Bearer ${secret}` } })
    expect([401, 403]).not.toContain((await ask()).status())
    await page.getByRole('button', { name: say(language, 'Close', '关闭') }).last().click()
    await expect(page.getByText(secret)).toHaveCount(0)
    await page.getByRole('row', { name: new RegExp(`key ${language}`) }).getByRole('button', { name: say(language, 'Revoke', '吊销') }).click()
    await page.getByRole('dialog').getByRole('button', { name: say(language, 'Revoke', '吊销') }).click()
    await expect(page.getByRole('row', { name: new RegExp(`key ${language}`) })).toHaveCount(0)
    await expect(async () => expect((await ask()).status()).toBe(401)).toPass({ timeout: 12_000 })
  })
}

test('where nothing is connected no page says that nothing leaks, and each leads to the first steps', async ({ page }) => {
  await page.route(/\/api\/v1\/overview/, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), has_data: false } }) // the machine's own agent may have sent something by now
  })
  await signIn(page, empty(), 'en', '/events')
  await expect(page.getByRole('heading', { name: 'No data yet' })).toBeVisible()
  await expect(page.getByText('Nothing leaks')).toHaveCount(0)
  await page.getByRole('link', { name: 'Set it up' }).click()
  await expect(page).toHaveURL(/\/welcome$/)
  await page.goto(`${empty()}/events?q=nothing+like+this`)
  await expect(page.getByText('Nothing leaks')).toHaveCount(0)
  await page.goto(`${empty()}/hosts?q=nothing+like+this`)
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).click()
  await expect(page).toHaveURL(/\/hosts$/)
})

test('the first steps lead from nothing to a first run, and to somebody who is told', async ({ page }) => {
  test.setTimeout(120_000)
  const hook = await webhook()
  try {
    await signIn(page, empty())
    await page.goto(`${empty()}/welcome`)
    await page.getByRole('button', { name: 'Make a key and show the lines' }).click()
    await expect(page.getByText('memseep agent --url')).toBeVisible()
    await expect(page.getByText('The first sample has come', { exact: false })).toBeVisible({ timeout: 40_000 }) // of this machine's agent
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Run the inspection now' }).click()
    await expect(page.getByText(/\d+ hosts inspected: 0 leaks/)).toBeVisible()
    await page.getByRole('button', { name: 'Next' }).click()

    await page.getByRole('textbox', { name: 'Name' }).fill('first on call')
    await page.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: /webhook/i }).first().click()
    await page.getByRole('textbox', { name: /address|url/i }).first().fill(hook.url)
    await page.getByRole('button', { name: 'Send a test message' }).click()
    await expect(page.getByRole('alert')).toContainText('thank you')
    expect(hook.told).toHaveLength(1)
    await page.getByRole('button', { name: 'Tell them from now on' }).click()
    await expect(page.getByText('The default policy tells: first on call.')).toBeVisible()
    await page.getByRole('button', { name: 'Finish' }).click()
    await expect(page).toHaveURL(/\/$/)
    await page.goto(`${empty()}/alerts/policies`)
    await expect(page.getByRole('row', { name: /Default/ })).toContainText('first on call')
  } finally {
    hook.server.close()
  }
})

test('the first steps can be taken in Chinese, and skipped', async ({ page }) => {
  await signIn(page, empty(), 'zh', '/welcome')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '完成', exact: true }).click()
  await expect(page).toHaveURL(/\/$/)
})

test('a source that does not answer is said, and what to do', async ({ page }) => {
  await signIn(page, full(), 'en', '/settings/sources')
  await page.getByRole('button', { name: 'New source' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('gone')
  await page.getByRole('dialog').getByLabel('Address').fill('http://127.0.0.1:9')
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('127.0.0.1:9')
})

test('a wrong password is said', async ({ page, complaints }) => {
  await page.goto(empty())
  await page.locator('input[autocomplete=username]').fill('admin')
  await page.locator('input[type=password]').fill('wrong')
  await page.locator('button[type=submit]').click()
  await expect(page.getByRole('alert')).toContainText(/wrong|错误/)
  complaints.length = 0 // the browser logs the 401 that was asked for
})
