// What the server refuses is said in the language of the app.
import { expect, full, languages, say, signIn, test } from './studio'

for (const language of languages) {
  test(`a schedule that is none is refused with what to write (${language})`, async ({ page, complaints }) => {
    await signIn(page, full(), language, '/inspections')
    await page.getByRole('link', { name: say(language, 'New inspection', '新建巡检') }).click()
    await page.getByLabel(say(language, 'Name', '名称')).fill('never')
    await page.getByRole('textbox', { name: say(language, 'Schedule', '计划') }).fill('61 * * * *')
    await page.getByRole('button', { name: say(language, 'Save', '保存') }).click()
    const refusal = page.getByRole('alert').filter({ hasText: say(language, 'This was not accepted', '未能完成') })
    await expect(refusal).toContainText(say(language, 'schedule "61 * * * *": end of range (61) above maximum (59)', '执行时间 "61 * * * *"：范围的终点 61 大于最大值 59'))
    complaints.length = 0 // the browser logs the 422 that was asked for
  })

  test(`what is refused is in sight, and the field that is named has the focus (${language})`, async ({ page, complaints }) => {
    await page.setViewportSize({ width: 390, height: 500 })
    await signIn(page, full(), language, '/inspections/new')
    await page.getByRole('textbox', { name: say(language, 'Schedule', '计划') }).fill('61 * * * *')
    await page.getByLabel(say(language, 'Name', '名称')).fill('never')
    await page.keyboard.press('Enter')
    const refusal = page.getByRole('alert').filter({ hasText: say(language, 'This was not accepted', '未能完成') })
    await expect(refusal).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('textbox', { name: say(language, 'Schedule', '计划') })).toBeFocused()
    await expect(page.getByRole('textbox', { name: say(language, 'Schedule', '计划') })).toBeInViewport({ ratio: 1 })

    await page.goto(`${full()}/alerts/policies?edit=new`)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: say(language, 'Name', '名称'), exact: true }).first().fill('Default')
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('alert')).toBeInViewport({ ratio: 1 })
    await expect(dialog.getByRole('alert')).toContainText(say(language, 'exists already', '已存在'))
    complaints.length = 0 // the browser logs what was refused
  })

  test(`who changed meanwhile what is saved is named (${language})`, async ({ page, complaints }) => {
    await signIn(page, full(), language, '/settings/general')
    const hours = page.getByLabel(say(language, 'Critical: hours left at most', '紧急：剩余小时数不超过'))
    await expect(hours).not.toHaveValue('')
    const { csrf } = (await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }
    const settings = (await (await page.request.get(`${full()}/api/v1/settings`)).json()) as object
    expect((await page.request.put(`${full()}/api/v1/settings`, { headers: { 'X-CSRF-Token': csrf }, data: settings })).ok()).toBe(true)
    await hours.fill('5')
    await page.getByRole('button', { name: say(language, 'Save', '保存') }).click()
    const alert = page.getByRole('alert').filter({ hasText: say(language, 'last by admin', '最后修改者为 admin') })
    await expect(alert).toBeInViewport({ ratio: 1 })
    await alert.getByRole('button').click()
    await expect(alert).toHaveCount(0)
    await expect(hours).not.toHaveValue('5')
    complaints.length = 0 // the browser logs the 412 that was asked for
  })
}
