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
}
