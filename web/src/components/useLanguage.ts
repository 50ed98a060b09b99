import i18next from 'i18next'
import { useSyncExternalStore } from 'react'
import type { Language } from '@/lib/format'

function subscribe(listener: () => void) {
  i18next.on('languageChanged', listener)
  return () => i18next.off('languageChanged', listener)
}

/** useLanguage is the language of the page, for numbers and times. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, () => (i18next.language === 'zh' ? 'zh' : 'en'))
