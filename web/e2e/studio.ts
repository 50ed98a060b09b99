// What the tests of the web app share: signing in, and that no page says anything on the console.
import { expect, test as base, type Page } from '@playwright/test'
import { user } from './servers'

export const full = () => process.env.MEMSEEP_E2E_FULL!
export const empty = () => process.env.MEMSEEP_E2E_EMPTY!

/** test fails where a page logs an error or throws, unless the test allows it for a while. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await use(complaints)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** signIn opens the app in a language and signs in. */
export async function signIn(page: Page, address: string, language: Language = 'en', path = '/') {
  await page.addInitScript((chosen) => localStorage.setItem('memseep-language', chosen), language)
  await page.goto(address + path)
  await page.locator('input[autocomplete=username]').fill(user.name)
  await page.locator('input[type=password]').fill(user.password)
  await page.locator('button[type=submit]').click()
  await expect(page.getByRole('navigation')).toBeVisible()
}

/** say picks a text by language. */
export const say = (language: Language, en: string, zh: string) => (language === 'zh' ? zh : en)
