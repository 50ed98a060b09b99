import { useTranslation } from 'react-i18next'
import type { Language } from '@/lib/format'

/** useLanguage is the language of the page, for numbers and times. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return i18n.language === 'zh' ? 'zh' : 'en'
}
