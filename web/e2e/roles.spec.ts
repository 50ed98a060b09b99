// What a person who may only read is shown, and what is said of what is not there.
import { user } from './servers'
import { expect, full, say, signIn, test, languages } from './studio'

const reader = { name: `reader${Date.now()}`, password: 'quiet-lake-77' }

test('who may only read sees no buttons, and is told where nothing may be seen', async ({ page, browser }) => {
  await signIn(page, full())
  const { csrf } = (await (await page.request.get(`${full()}/api/v1/session`)).json()) as { csrf: string }
  const headers = { 'X-CSRF-Token': csrf }
  expect((await page.request.post(`${full()}/api/v1/users`, { headers, data: { ...reader, administrator: false } })).status()).toBe(201)
  expect((await page.request.put(`${full()}/api/v1/members/${reader.name}`, { headers, data: { role: 'viewer' } })).ok()).toBe(true)

  const other = await (await browser.newContext()).newPage()
  const complaints: string[] = []
  other.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await other.addInitScript(() => localStorage.setItem('memseep-language', 'en'))
  await other.goto(full())
  await other.locator('input[autocomplete=username]').fill(reader.name)
  await other.locator('input[type=password]').fill(reader.password)
  await other.locator('button[type=submit]').click()
  await expect(other.getByRole('navigation')).toBeVisible()
  await other.goto(`${full()}/inspections`)
  await expect(other.getByRole('row', { name: /memory leaks/ })).toBeVisible()
  await expect(other.getByRole('button', { name: 'Run now' })).toHaveCount(0)
  for (const [path, who] of [
    ['/settings/keys', 'for owners'],
    ['/settings/users', 'for administrators'],
    ['/settings/audit', 'for owners'],
    ['/inspections/new', 'for editors and owners'],
    ['/triggers/new', 'for editors and owners'],
    ['/welcome', 'for owners'],
  ] as const) {
    await other.goto(full() + path)
    await expect(other.getByRole('alert')).toContainText('You do not have permission')
    await expect(other.getByRole('alert')).toContainText(who)
    await expect(other.getByRole('main').getByRole('button')).toHaveCount(0)
  }
  expect(complaints).toEqual([])

  const become = async (role: string) => expect((await page.request.put(`${full()}/api/v1/members/${reader.name}`, { headers, data: { role } })).ok()).toBe(true)
  await become('editor')
  await other.goto(`${full()}/inspections`)
  await expect(other.getByRole('button', { name: 'Run now' }).first()).toBeVisible()
  await become('viewer')
  await other.getByRole('button', { name: 'Run now' }).first().click()
  await expect(other.getByRole('alert')).toContainText('you are a viewer here, and this needs an editor')
  await other.context().close()
  expect(user.name).not.toBe(reader.name)
})

for (const language of languages) {
  test(`what is not there is said in the reader's words (${language})`, async ({ page, complaints }) => {
    await signIn(page, full(), language)
    for (const path of ['/events/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/hosts/nobody', '/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/inspections/01ARZ3NDEKTSV4RRFFQ69G5FAV']) {
      await page.goto(full() + path)
      await expect(page.getByRole('alert').first()).toContainText(say(language, 'There is nothing here', '找不到此内容'))
      await expect(page.getByRole('alert').first()).toContainText(path.split('/').at(-1)!) // as the server names it
    }
    complaints.length = 0 // the browser logs each 404 that was asked for
  })
}
