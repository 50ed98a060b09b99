// Texts of the app in English and Chinese. English is the form that Chinese has to fill: a key
// that is missing there does not compile. A page's texts are a file of its own in each language.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '@/lib/format'

export const languages: { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'zh', name: '中文' },
]

const stored = 'memseep-language'

// A person reads one language: the other is loaded when it is asked for.
const texts = {
  en: async () => (await import('./en')).en,
  zh: async () => (await import('./zh')).zh,
}

/** preferred is the language chosen before, or else the browser's. */
export function preferred(): Language {
  const chosen = localStorage.getItem(stored)
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** speak changes the language of the page and remembers it. */
export async function speak(language: Language) {
  if (!i18next.hasResourceBundle(language, 'translation')) i18next.addResourceBundle(language, 'translation', await texts[language]())
  localStorage.setItem(stored, language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  await i18next.changeLanguage(language)
}

export async function startTranslation() {
  const language = preferred()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false, // a language that misses a key does not compile
    resources: { [language]: { translation: await texts[language]() } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  document.documentElement.lang = i18next.language === 'zh' ? 'zh-CN' : 'en'
}

export default i18next
