// Who is told: targets, policies, silences, what an event would do, notices with their answers, and the signed link.
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Locator, Page } from '@playwright/test'
import { expect, full, languages, say, signIn, test, type Language } from './studio'
import { webhook } from './webhook'

test.setTimeout(120_000) // long forms, on a machine that has other things to do

const save = (language: Language) => say(language, 'Save', '保存')

/** choose picks an option of a field; leaving the field shuts a list that stays open for more. */
async function choose(page: Page, field: Locator, option: string | RegExp) {
  await field.click({ force: true }) // where several may be chosen, what surrounds the field takes the click
  if (typeof option === 'string' && option.includes('/')) await field.fill(option) // of the many zones those that are looked for
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).first().click()
  await page.keyboard.press('Tab')
}

/** faultless asks that a form can be used by keyboard and screen reader. */
async function faultless(page: Page) {
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').withTags(['wcag2a', 'wcag2aa']).analyze()
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)).toEqual([])
}

const nobody = 'a hook that nobody answers'

/** everythingTells has the default policy tell a target, so that the way of an event does not end at its rules. */
async function everythingTells(page: Page) {
  const api = `${full()}/api/v1`
  const get = async <T>(path: string) => (await (await page.request.get(api + path)).json()) as T
  const headers = { 'X-CSRF-Token': (await get<{ csrf: string }>('/session')).csrf }
  type Named = { id: string; name: string }
  const find = async () => (await get<{ items: Named[] }>('/targets')).items.find((target) => target.name === nobody)
  if (await find()) return
  await page.request.post(`${api}/targets`, { headers, data: { name: nobody, kind: 'webhook', enabled: true, settings: { url: 'http://127.0.0.1:9/' } } })
  const { items } = await get<{ items: (Named & { is_default: boolean; rules: object[]; group_by: string[] })[] }>('/policies')
  const { id, name, group_by, rules } = items.find((policy) => policy.is_default)!
  const data = { name, group_by, is_default: true, again_seconds: 0, window_seconds: 30, rules: rules.map((rule) => ({ ...rule, targets: [] as string[] })) }
  data.rules[0]!.targets = [(await find())!.id]
  expect((await page.request.put(`${api}/policies/${id}`, { headers, data })).ok()).toBe(true)
}

for (const language of languages) {
  test.describe(language, () => {
    const again = () => (test.info().retry === 0 ? '' : ` ${test.info().retry}`) // what is tried again has another name

    test('a target is tested, its texts are tried on an event, and its address is never shown again', async ({ page, complaints }) => {
      const hook = await webhook()
      const target = `hook ${language}${again()}`
      try {
        await signIn(page, full(), language, '/alerts/targets')
        await page.getByRole('button', { name: say(language, 'New target', '新建通知对象') }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('textbox', { name: say(language, 'Name', '名称') }).fill(target)
        await choose(page, dialog.getByRole('combobox', { name: say(language, 'Kind', '类型') }), /telegram/i)
        await expect(dialog.getByText(say(language, 'At most 20 messages a minute', '每分钟最多 20 条'))).toBeVisible()
        await choose(page, dialog.getByRole('combobox', { name: say(language, 'Kind', '类型') }), /webhook/i)
        await faultless(page)
        const address = dialog.getByRole('textbox', { name: say(language, 'Address', '地址') })
        await address.fill(hook.url)
        await dialog.getByRole('button', { name: say(language, 'Send a test message', '发送测试消息') }).click()
        await expect(dialog.getByRole('alert')).toContainText('200 thank you')
        expect(hook.told).toHaveLength(1)

        await dialog.getByRole('button', { name: say(language, 'Templates of its own', '自定义模板') }).click()
        const preview = dialog.getByRole('region', { name: say(language, 'The message as it would be', '消息预览') })
        await expect(preview).toContainText(say(language, 'leaks', '内存泄漏'))
        const title = dialog.getByRole('textbox', { name: say(language, 'Title', '标题'), exact: true })
        await title.fill('{{.Host}} wants {{upper "memory"}}')
        await expect(preview).toContainText('wants MEMORY')
        await title.fill('{{.Nothing}}')
        await expect(dialog.getByRole('alert').filter({ hasText: 'Nothing' })).toBeVisible()
        await title.fill('')
        await dialog.getByRole('button', { name: save(language) }).click()
        await expect(page.getByRole('cell', { name: target })).toBeVisible()

        await page.getByRole('row', { name: target }).getByRole('button', { name: say(language, 'Edit', '编辑') }).click()
        await expect(address).toHaveValue('')
        await expect(address).toHaveAttribute('placeholder', say(language, 'kept; leave it empty to keep it', '已保存，留空则不变'))
        await dialog.getByRole('button', { name: say(language, 'Send a test message', '发送测试消息') }).click()
        await expect(dialog.getByRole('alert')).toContainText('200 thank you')
        expect(hook.told).toHaveLength(2)
        expect(await page.content()).not.toContain(hook.url)
        complaints.splice(0, complaints.length, ...complaints.filter((line) => !line.includes('422'))) // the browser logs the refusal that was asked for
      } finally {
        hook.server.close()
      }
    })

    test('a policy is written with all that its rules may ask for, and read again', async ({ page }) => {
      const policy = `shop ${language}${again()}`
      await signIn(page, full(), language)
      await everythingTells(page)
      await page.goto(`${full()}/alerts/policies?edit=new`)
      const dialog = page.getByRole('dialog')
      const rule = (number: number) => dialog.getByRole('region', { name: say(language, `Rule ${number}`, `规则 ${number}`) })
      const named = (en: string, zh: string) => ({ name: say(language, en, zh), exact: true })
      await dialog.getByRole('textbox', named('Name', '名称')).fill(policy)
      await choose(page, dialog.getByRole('combobox', named('Time zone', '时区')), 'Asia/Tokyo')
      await rule(1).getByRole('textbox', named('Name of the rule', '规则名称')).fill('night')
      await choose(page, rule(1).getByRole('combobox', named('Levels', '级别')), say(language, 'Critical', '紧急'))
      await choose(page, rule(1).getByRole('combobox', named('Inspections', '巡检')), 'memory leaks')
      await rule(1).getByRole('button', named('Add an attribute', '添加属性条件')).click()
      await rule(1).getByRole('textbox', named('Attribute', '属性名')).fill('namespace')
      await expect(dialog.getByRole('button', { name: save(language) })).toBeDisabled() // a condition without values says nothing
      await choose(page, rule(1).getByRole('combobox', named('Is or is not', '等于或不等于')), say(language, 'is not', '不等于'))
      await rule(1).getByRole('combobox', named('One of these values', '任一取值')).fill('test-*')
      await page.keyboard.press('Enter')
      await rule(1).getByRole('button', named('Add a time', '添加时间段')).click()
      await rule(1).getByText(say(language, 'Sat', '周六'), { exact: true }).click()
      await rule(1).getByRole('button', named('Add a time', '添加时间段')).click()
      await rule(1).getByText(say(language, 'From – to', '指定起止时间')).last().click()
      await rule(1).getByLabel(say(language, 'From', '开始时间'), { exact: true }).fill('2027-01-01T09:00')
      await choose(page, rule(1).getByRole('combobox', named('Tell', '通知')), nobody)
      for (const [i, minutes] of ['45', '90'].entries()) {
        await rule(1).getByRole('button', named('Add an escalation', '添加升级通知')).click()
        const escalation = rule(1).getByRole('region', { name: say(language, `Escalation ${i + 1}`, `升级通知 ${i + 1}`) })
        await escalation.getByRole('textbox', { name: say(language, 'After minutes', '多少分钟后') }).fill(minutes)
        await choose(page, escalation.getByRole('combobox', { name: say(language, 'Also tell', '则同时通知') }), nobody)
        if (i === 1) await choose(page, escalation.getByRole('combobox', { name: say(language, 'If it is still', '若仍') }), say(language, 'not recovered', '未恢复'))
      }
      await expect(rule(1).getByRole('button', named('Add an escalation', '添加升级通知'))).toHaveCount(0) // two at most
      await dialog.getByRole('button', named('Add a rule', '添加规则')).click()
      await rule(2).getByRole('textbox', named('Name of the rule', '规则名称')).fill('databases')
      await rule(2).getByRole('combobox', named('Hosts or workloads', '主机或工作负载')).fill('db-*')
      await page.keyboard.press('Enter')
      await dialog.getByRole('button', { name: say(language, 'Move rule 2 up', '上移规则 2') }).click()
      if (language === 'en') await faultless(page)
      await dialog.getByRole('button', { name: save(language) }).click()

      const row = page.getByRole('row', { name: policy })
      await expect(row).toContainText(say(language, '1. databases: db-* → nobody', '1. databases: db-* → 不通知任何人'))
      await expect(row).toContainText(
        say(language, '2. night: Critical · memory leaks, namespace ≠ test-* · Mon, Tue, Wed, Thu, Fri, Sun 22:00 for 8 h', '2. night: 紧急 · memory leaks、namespace ≠ test-* · 周一、周二、周三、周四、周五、周日 22:00 起，持续 8 小时'),
      )
      await expect(row).toContainText(say(language, `Nobody takes care after 45 min: ${nobody} too`, `45 分钟后仍未认领：同时通知 ${nobody}`))
      await row.getByRole('button', { name: say(language, 'Edit', '编辑') }).click()
      await expect(dialog.getByRole('combobox', named('Time zone', '时区'))).toHaveValue('Asia/Tokyo')
      await rule(2).getByRole('button', { name: '2. night' }).click()
      await expect(rule(2).getByLabel(say(language, 'From', '开始时间'), { exact: true })).toHaveValue('2027-01-01T09:00')
      const second = rule(2).getByRole('region', { name: say(language, 'Escalation 2', '升级通知 2') })
      await expect(second.getByRole('textbox', { name: say(language, 'After minutes', '多少分钟后') })).toHaveValue('90')
      await expect(second.getByRole('combobox', { name: say(language, 'If it is still', '若仍') })).toHaveValue(say(language, 'not recovered', '未恢复'))
      await expect(second).toContainText(nobody)
    })

    test('an event is silenced in two clicks, which the way of the event shows, and the silence is ended', async ({ page }) => {
      await signIn(page, full(), language)
      await everythingTells(page)
      await page.goto(`${full()}/events?q=docker-1`)
      await page.getByRole('link', { name: /docker-1/ }).first().click()
      await expect(page).toHaveURL(/\/events\/[0-9A-Z]{26}$/)
      const event = page.url()
      await page.getByRole('button', { name: say(language, 'Silence', '静默') }).click()
      await page.getByRole('dialog').getByRole('button', { name: say(language, 'Silence', '静默') }).click()
      await expect(page.getByText(say(language, 'A silence keeps notices of this event back.', '此事件正被静默，不发送通知。'))).toBeVisible()

      await page.getByRole('button', { name: say(language, 'What would this event do?', '此事件会通知谁？') }).click()
      const steps = page.getByRole('list', { name: say(language, 'What would this event do?', '此事件会通知谁？') }).getByRole('listitem')
      await expect(steps.last()).toContainText(say(language, 'Silences:', '静默：'))
      await expect(steps.last().getByRole('img', { name: say(language, 'stops here', '到此为止') })).toBeVisible()
      await expect(page.getByText(say(language, 'Nobody is told.', '不会发送通知。'))).toBeVisible()

      await steps.last().getByRole('link').click()
      const silence = page.getByRole('dialog')
      await expect(silence.getByText('docker-1', { exact: true })).toBeVisible()
      await silence.getByRole('button', { name: say(language, 'Cancel', '取消') }).click()
      const active = page.getByRole('row', { name: /docker-1/ }).filter({ hasText: say(language, 'Active', '生效中') })
      await expect(active).toHaveCount(1)
      await active.getByRole('button', { name: say(language, 'End it now', '立即结束') }).click()
      await expect(active).toHaveCount(0)

      // The link in a message leads to the same dialog.
      await page.goto(`${full()}/silences/new?event=${event.split('/').at(-1)}`)
      await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue(/docker-1/)
      await page.getByRole('dialog').getByRole('button', { name: say(language, 'Cancel', '取消') }).click()
      await expect(page).toHaveURL(event)
    })

    test('a maintenance window comes again and again in its own zone, and somebody is told before', async ({ page }) => {
      const window = `patching ${language}${again()}`
      await signIn(page, full(), language)
      await everythingTells(page)
      await page.goto(`${full()}/alerts/silences`)
      await page.getByRole('button', { name: say(language, 'New silence', '新建静默') }).click()
      const dialog = page.getByRole('dialog')
      const named = (en: string, zh: string) => ({ name: say(language, en, zh), exact: true })
      await dialog.getByRole('textbox', { name: say(language, 'Name', '名称') }).fill(window)
      await dialog.getByRole('button', named('4 h', '4 小时')).click()
      await expect(dialog.getByLabel(say(language, 'Until', '结束时间'))).not.toHaveValue('')
      await dialog.getByText(say(language, 'Repeating', '周期性')).click()
      for (const day of say(language, 'Mon Tue Wed Thu Sat Sun', '周一 周二 周三 周四 周六 周日').split(' ')) await dialog.getByText(day, { exact: true }).click()
      await dialog.getByLabel(say(language, 'Begins at', '开始时刻')).fill('23:30')
      await dialog.getByRole('textbox', { name: say(language, 'Lasts, hours', '每次持续') }).fill('1.5')
      await dialog.getByLabel(say(language, 'Not after', '截止时间')).fill('2027-06-30T00:00')
      await choose(page, dialog.getByRole('combobox', named('Time zone', '时区')), 'Asia/Shanghai')
      await choose(page, dialog.getByRole('combobox', named('Tell these before it begins', '开始前通知谁')), nobody)
      await dialog.getByRole('textbox', { name: say(language, 'Minutes before', '提前（分钟）') }).fill('20')
      if (language === 'en') await faultless(page)
      await dialog.getByRole('button', { name: save(language) }).click()
      const row = page.getByRole('row', { name: window })
      await expect(row).toContainText(say(language, 'Fri 23:30 for 1 h 30 min (Asia/Shanghai)', '周五 23:30 起，持续 1 小时 30 分钟 (Asia/Shanghai)'))
      await expect(row).toContainText(/Pending|Active|未开始|生效中/) // today may be Friday
      await row.getByRole('button', { name: say(language, 'Edit', '编辑') }).click()
      await expect(dialog.getByLabel(say(language, 'Not after', '截止时间'))).toHaveValue('2027-06-30T00:00')
      await expect(dialog.getByRole('textbox', { name: say(language, 'Minutes before', '提前（分钟）') })).toHaveValue('20')
      await dialog.getByRole('button', { name: say(language, 'Cancel', '取消') }).click()
      await page.getByText(say(language, 'Expired', '已过期'), { exact: true }).first().click()
      await expect(page).toHaveURL(/state=expired/)
      await expect(row).toHaveCount(0)
    })

    test('what was typed in a form is not lost unasked, whichever way it is closed', async ({ page }) => {
      await signIn(page, full(), language, '/alerts/policies')
      await page.getByRole('tab', { name: say(language, 'Silences', '静默') }).click()
      const form = page.getByRole('dialog', { name: say(language, 'New silence', '新建静默') })
      const open = () => page.getByRole('button', { name: say(language, 'New silence', '新建静默') }).click()
      const question = page.getByRole('dialog', { name: say(language, 'Discard what you typed?', '放弃已输入的内容？') })
      const stay = async () => {
        await question.getByRole('button', { name: say(language, 'Keep writing', '继续编辑') }).click()
        await expect(question).toHaveCount(0)
      }
      await open()
      await page.keyboard.press('Escape') // nothing is typed: nothing is asked
      await expect(form).toHaveCount(0)

      await open()
      const name = form.getByRole('textbox', { name: say(language, 'Name', '名称') })
      await name.fill('half a thought')
      await page.mouse.click(5, 5)
      await page.keyboard.press('Escape')
      await expect(question).toBeVisible() // by Escape: the click did not ask
      await page.keyboard.press('Escape')
      await expect(question).toHaveCount(0)
      await expect(name).toHaveValue('half a thought')
      await form.getByRole('button', { name: say(language, 'Cancel', '取消') }).click()
      await stay()
      await form.locator('.mantine-Modal-close').click()
      await stay()
      await page.goBack()
      await stay()
      await expect(name).toHaveValue('half a thought')
      await page.keyboard.press('Escape')
      await question.getByRole('button', { name: say(language, 'Discard', '放弃') }).click()
      await expect(form).toHaveCount(0)
      await expect(page).toHaveURL(/\/alerts\/silences$/)
    })

    test('who saves after somebody else is told so, and can load what they saved', async ({ page, complaints }) => {
      const name = `rewiring ${language}${again()}`
      await signIn(page, full(), language)
      const headers = { 'X-CSRF-Token': ((await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }).csrf }
      const data = { name, policies: [], match: { objects: ['wire-*'] }, period: { to: '2027-06-30T00:00:00Z' }, notice_before_seconds: 0, notice_targets: [] }
      const { id } = (await (await page.request.post(`${full()}/api/v1/silences`, { headers, data })).json()) as { id: string }
      await page.goto(`${full()}/alerts/silences?edit=${id}`)
      const dialog = page.getByRole('dialog')
      const field = dialog.getByRole('textbox', { name: say(language, 'Name', '名称') })
      await field.fill('mine')
      expect((await page.request.put(`${full()}/api/v1/silences/${id}`, { headers, data: { ...data, name: `${name} theirs` } })).ok()).toBe(true)
      await dialog.getByRole('button', { name: save(language) }).click()
      await expect(dialog.getByRole('alert')).toContainText(say(language, 'Somebody else changed this meanwhile', '内容已被他人修改'))
      await expect(field).toHaveValue('mine')
      await dialog.getByRole('button', { name: say(language, 'Load theirs', '加载对方的版本') }).click()
      await expect(field).toHaveValue(`${name} theirs`)
      await field.fill(`${name} both`)
      await dialog.getByRole('button', { name: save(language) }).click()
      await expect(page.getByRole('row', { name: `${name} both` })).toBeVisible()
      complaints.splice(0, complaints.length, ...complaints.filter((line) => !line.includes('412'))) // the browser logs the refusal that was asked for
    })

    test('a target that was disabled since it failed is shown with why, and since when', async ({ page }) => {
      await signIn(page, full(), language)
      await everythingTells(page)
      // Two days of failing do not pass in a test: the answer of the server is that of a target after them.
      await page.route('**/api/v1/targets', async (route) => {
        const answer = await route.fetch()
        const body = (await answer.json()) as { items: Record<string, unknown>[] }
        const failed = { enabled: false, state: 'disabled_by_failing', disabled_at: new Date(Date.now() - 3 * 3_600_000).toISOString(), last_error: 'the other side answered 503' }
        await route.fulfill({ response: answer, json: { ...body, items: body.items.map((item) => (item.name === nobody ? { ...item, ...failed } : item)) } })
      })
      await page.goto(`${full()}/alerts/targets`)
      const row = page.getByRole('row', { name: nobody })
      await expect(row).toContainText(say(language, 'Disabled: it failed for too long', '因持续失败已停用'))
      await expect(row).toContainText(say(language, '3 hr ago', '3 小时前'))
      await expect(row).toContainText('the other side answered 503')
      await expect(row.getByRole('button', { name: say(language, 'Enable', '启用') })).toBeVisible()
    })
  })
}

// The next run tells what the fleet's next minute shows, which the tests above have waited for.
test('a leak is told, its notice is found with its answer, and it is acknowledged by the signed link without signing in', async ({ page, browser }) => {
  test.setTimeout(180_000)
  const hook = await webhook()
  try {
    await tell(page, hook.url)
    for (const [language, host] of [['en', 'k8s-1'], ['zh', 'lab-1']] as const) {
      await noticesOf(browser, language, host)
      await acknowledge(browser, language, hook.told.map((body) => JSON.parse(body) as Told).find((m) => m.host === host && m.reason === 'opened')!)
    }
  } finally {
    hook.server.close()
  }
})

type Told = { host: string; reason: string; eventId: string; ackUrl: string; title: string }

// tell gives the default policy a target, and runs the inspection until it was told of the hosts that are looked at.
async function tell(page: Page, url: string) {
  await signIn(page, full(), 'en', '/alerts/targets')
  await page.getByRole('button', { name: 'New target' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('on call')
  await choose(page, dialog.getByRole('combobox', { name: 'Kind' }), /webhook/i)
  await dialog.getByRole('textbox', { name: 'Address' }).fill(url)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('cell', { name: 'on call' })).toBeVisible()

  await page.goto(`${full()}/alerts/policies`)
  await page.getByRole('row', { name: /^Default/ }).getByRole('button', { name: 'Edit' }).click()
  await choose(page, dialog.getByRole('combobox', { name: 'Tell', exact: true }), 'on call')
  await dialog.getByRole('textbox', { name: 'Wait for others, minutes' }).fill('0')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('cell', { name: /every event → on call|Everything: .*on call/ })).toBeVisible()
  await page.getByRole('button', { name: 'What would this event do?' }).click()
  const steps = page.getByRole('list', { name: 'What would this event do?' }).getByRole('listitem')
  await expect(steps).toHaveCount(5)
  await expect(steps.last()).toContainText('Grouping: it is told now')
  await expect(page.getByText('Somebody is told.')).toBeVisible()

  await expect(async () => {
    await page.goto(`${full()}/inspections`)
    await page.getByRole('row', { name: /memory leaks/ }).getByRole('button', { name: 'Run now' }).click()
    await expect(page).toHaveURL(/\/runs\/[0-9A-Z]{26}$/)
    await expect(page.getByText('Succeeded').first()).toBeVisible()
    await page.goto(`${full()}/alerts/notices`)
    await expect(page.getByRole('row', { name: /lab-1/ }).filter({ hasText: 'Sent' }).first()).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 120_000 })
}

// noticesOf finds the notice about a host in the list, by filters that lie in the address.
async function noticesOf(browser: Browser, language: Language, host: string) {
  const page = await browser.newPage()
  await signIn(page, full(), language, '/alerts/notices')
  await choose(page, page.getByRole('combobox', { name: say(language, 'Status', '状态') }), say(language, 'Sent', '已发送'))
  await choose(page, page.getByRole('combobox', { name: say(language, 'Target', '通知对象') }), 'on call')
  await expect(page).toHaveURL(/status=.*target=/)
  await page.goto(page.url())
  const row = page.getByRole('row', { name: new RegExp(host) }).first()
  await expect(row).toContainText(say(language, 'Sent', '已发送'))
  await row.getByRole('button').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('200 thank you')
  await expect(dialog.getByRole('table')).toContainText('on call')
  await expect(dialog.getByRole('link', { name: new RegExp(host) })).toBeVisible()
  await page.keyboard.press('Escape')
  await choose(page, page.getByRole('combobox', { name: say(language, 'Status', '状态') }), say(language, 'Failed', '失败'))
  await choose(page, page.getByRole('combobox', { name: say(language, 'Status', '状态') }), say(language, 'Sent', '已发送'))
  await expect(page.getByText(say(language, 'No notice is like this', '没有符合筛选的通知'))).toBeVisible()
  await unconfirmed(page, language, host)
  await page.close()
}

// unconfirmed looks at a notice that nobody confirmed. No server is stopped twice on its way here: its answers are
// those of one that was.
async function unconfirmed(page: Page, language: Language, host: string) {
  const error = 'it was handed over twice'
  await page.route('**/api/v1/notices**', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { items?: object[] }
    await route.fulfill({ response: answer, json: body.items ? { ...body, items: body.items.map((item) => ({ ...item, error })) } : { ...body, error } })
  })
  await page.goto(`${full()}/alerts/notices?status=sent`)
  const row = page.getByRole('row', { name: new RegExp(host) }).first()
  await expect(row).toContainText(say(language, 'Not confirmed', '未确认'))
  await expect(row).toContainText(say(language, 'it has probably arrived', '很可能已送达'))
  await row.getByRole('button').click()
  const note = page.getByRole('dialog').getByRole('alert')
  await expect(note).toContainText(say(language, 'Not confirmed', '未确认'))
  await expect(note).toContainText(say(language, 'it has probably arrived', '很可能已送达'))
}

// acknowledge follows the link on a phone, as somebody who is not signed in, and looks at the event afterwards.
async function acknowledge(browser: Browser, language: Language, told: Told) {
  const phone = await browser.newContext({ locale: say(language, 'en-US', 'zh-CN'), viewport: { width: 390, height: 844 } })
  const page = await phone.newPage()
  await page.goto(told.ackUrl)
  await expect(page.getByRole('heading', { name: say(language, 'I take care of it', '认领事件') })).toBeVisible()
  await expect(page.getByRole('listitem')).toContainText(told.host)
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false)
  await page.getByLabel(say(language, 'Your name', '您的姓名')).fill('Ada from the train')
  await page.getByLabel(say(language, 'Note', '备注')).fill('rolling it back')
  await page.getByRole('button', { name: say(language, 'Acknowledge', '确认认领') }).click()
  await expect(page.getByRole('status')).toContainText(say(language, 'nobody else is asked to', '不再升级通知其他人'))
  await expect(page.getByRole('listitem')).toContainText('Ada from the train')

  await page.setViewportSize({ width: 1280, height: 800 })
  await signIn(page, full(), language, `/events/${told.eventId}`)
  await expect(page.getByText(say(language, 'Taken care of by Ada from the train', 'Ada from the train 正在处理')).first()).toBeVisible()
  await expect(page.getByText('rolling it back')).toBeVisible()
  await phone.close()
}
