// What a person on call does at night, in both languages.
import { expect, full, languages, say, signIn, test } from './studio'

for (const language of languages) {
  test.describe(language, () => {
    test('from the overview to an event, its culprit, its inspection, and back', async ({ page }) => {
      await signIn(page, full(), language)
      await expect(page.getByRole('heading', { name: say(language, 'Overview', '总览'), level: 1 })).toBeVisible()
      await page.getByRole('link', { name: /queue-1/ }).first().click()
      await expect(page).toHaveURL(/\/events\/[0-9A-Z]{26}$/)
      await expect(page.getByRole('heading', { level: 1 })).toContainText('queue-1')
      await expect(page.getByText(say(language, 'sidekiq makes up', 'sidekiq 占增长的'))).toBeVisible()
      await expect(page.getByRole('cell', { name: 'sidekiq' }).first()).toBeVisible()
      await expect(page.getByText(say(language, 'Forecast', '预测区间'), { exact: true })).toBeVisible()
      await page.getByText(say(language, '7 d', '7 天'), { exact: true }).click()
      await expect(page.locator('.u-over').first()).toBeVisible()
      await page.getByRole('link', { name: say(language, 'Configuration of the inspection', '的配置') }).click()
      await expect(page).toHaveURL(/\/inspections\/[0-9A-Z]{26}$/)
      await expect(page.getByLabel(say(language, 'Name', '名称')).first()).toHaveValue('memory leaks')
      await page.goBack()
      await expect(page.getByRole('heading', { level: 1 })).toContainText('queue-1')
    })

    test('a filter lies in the address, so that a link shows the same', async ({ page, context }) => {
      await signIn(page, full(), language, '/events')
      const rows = page.getByRole('rowgroup').getByRole('row')
      await expect(rows.first()).toBeVisible()
      await page.getByLabel(say(language, 'Search in name, object, culprit', '搜索名称、对象、根因')).fill('lab-1')
      await expect(page).toHaveURL(/q=lab-1/)
      const others = { hasNotText: 'lab-1' } // it may leak more than once by now
      await expect(rows.filter(others)).toHaveCount(0)
      await expect(rows.first()).toContainText('lab-1')
      const other = await context.newPage()
      await other.goto(page.url())
      await expect(other.getByRole('rowgroup')).toContainText('lab-1')
      await expect(other.getByRole('rowgroup').getByRole('row').filter(others)).toHaveCount(0)

      await page.goto(`${full()}/events`)
      await page.getByRole('button', { name: say(language, 'Filter by what this row has', '按此行的属性筛选') }).first().click()
      await page.getByRole('menuitem', { name: /host:/ }).nth(1).click()
      await expect(page).toHaveURL(/not=/)
      await page.getByRole('button', { name: say(language, 'Clear filters', '清除筛选') }).click()
      await expect(page).not.toHaveURL(/not=/)
    })

    test('a host shows its curve, who uses its memory, and what is missing', async ({ page }) => {
      await signIn(page, full(), language, '/hosts')
      await page.getByRole('link', { name: 'lab-1', exact: true }).click()
      await expect(page.getByRole('cell', { name: 'session_store' })).toBeVisible()
      await expect(page.locator('.u-over').first()).toBeVisible()
      await expect(page.getByText(say(language, 'What is missing, and what to install', '缺少的数据与安装建议'))).toBeVisible()
    })
  })
}

test('what a page shows lies in its address', async ({ page }) => {
  await signIn(page, full(), 'en', '/events?q=queue-1')
  await page.getByRole('link', { name: /queue-1/ }).first().click()
  await page.getByText('7 d', { exact: true }).first().click()
  await expect(page).toHaveURL(/span=week/)
  await page.getByRole('combobox', { name: 'In common' }).click()
  await page.getByRole('option', { name: 'Inspection' }).click()
  await expect(page).toHaveURL(/by=inspection/)
  await page.getByRole('combobox', { name: 'How near in time' }).click()
  await page.getByRole('option', { name: '1 d', exact: false }).first().click()
  await expect(page).toHaveURL(/within=24/)
  await page.reload()
  await expect(page.getByRole('radio', { name: '7 d' })).toBeChecked()
  await expect(page.getByRole('combobox', { name: 'In common' })).toHaveValue('Inspection')
  await expect(page.getByRole('region', { name: 'Related events' }).getByRole('link').first()).toBeVisible()

  await page.goto(`${full()}/inspections`)
  await page.getByRole('button', { name: 'Actions for memory leaks' }).click()
  await page.getByRole('menuitem', { name: 'Runs' }).click()
  await expect(page.getByText('Inspection: memory leaks')).toBeVisible()
  await page.getByRole('button', { name: 'Remove the filter Inspection: memory leaks' }).click()
  await expect(page).toHaveURL(/\/runs$/)

  await page.goto(`${full()}/settings/audit`)
  await page.getByLabel('What, e.g. inspection.').fill('session')
  await expect(page).toHaveURL(/action=session/)
  await page.goto(`${full()}/events?is=nocolon`)
  await expect(page.getByRole('rowgroup').getByRole('row').first()).toBeVisible()
})

test('an event is taken care of, said to be no leak, and recovered', async ({ page }) => {
  await signIn(page, full(), 'en', '/events')
  await page.getByLabel('Search in name, object, culprit').fill('llm-1')
  await page.getByRole('link', { name: /llm-1/ }).first().click()
  await page.getByRole('button', { name: 'I take care of it' }).click()
  await page.getByLabel('Note (optional)').fill('looking at the KV cache')
  await page.getByRole('dialog').getByRole('button', { name: 'I take care of it' }).click()
  await expect(page.getByText('Taken care of by admin')).toBeVisible()
  await expect(page.getByText('looking at the KV cache')).toBeVisible()

  await page.getByRole('button', { name: 'This is not a leak' }).click()
  await page.getByLabel('Reason').fill('bounded by its configuration')
  await page.getByRole('dialog').getByRole('button', { name: 'This is not a leak' }).click()
  await expect(page.getByText('Marked as no leak')).toBeVisible()

  await page.getByRole('button', { name: 'Recover', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Recover' }).click()
  await expect(page.getByText('Recovered by hand').first()).toBeVisible()
  const history = page.getByRole('region', { name: 'History' })
  for (const [name, value] of [['Object', /llm-1/], ['Opened', /^\d+ \w+ 2\d{3}, /], ['Recovered', /^\d+ \w+ 2\d{3}, /], ['Lasted', /\d+ (s|min|h)/]] as const) {
    await expect(history.getByRole('term').filter({ hasText: name }).locator('+ dd')).toHaveText(value)
  }
  await page.goto(`${full()}/events?status=recovered`)
  await expect(page.getByRole('link', { name: /llm-1/ })).toBeVisible()

  await page.goto(`${full()}/events?q=lab-1`)
  await page.getByRole('link', { name: /lab-1/ }).first().click()
  await page.getByRole('combobox', { name: 'In common' }).click()
  await page.getByRole('option', { name: 'Inspection' }).click()
  const over = page.getByRole('table', { name: 'Related events' }).getByRole('row', { name: /llm-1/ }).first()
  await expect(over.getByRole('cell').nth(3).locator('time')).toBeVisible()
  await expect(over.getByRole('cell').nth(4)).toHaveText(/\d+ (s|min|h)/)
  await expect(page.getByRole('table', { name: 'Related events' }).getByRole('cell', { name: 'Not yet' }).first()).toBeVisible()
})

test('several events are recovered from the list', async ({ page }) => {
  await signIn(page, full(), 'en', '/events?q=edge-1')
  await page.getByRole('checkbox', { name: /Select Host edge-1/ }).check()
  await expect(page.getByText('1 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Recover', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Recover' }).click()
  await expect(page.getByText('1 recovered')).toBeVisible()
})

test('events are exported as they are filtered', async ({ page }) => {
  await signIn(page, full(), 'en', '/events?q=db-1')
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
  const file = await (await download).createReadStream()
  let text = ''
  for await (const part of file) text += String(part)
  expect(text.trim().split('\n').length).toBe(2)
  expect(text).toContain('db-1')
})
