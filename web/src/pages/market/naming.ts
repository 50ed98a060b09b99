// What a package calls itself, and where its page lies.
import type { Language } from '@/lib/format'

/** inLanguage is a text in Chinese where that is asked for and there, else in English. */
export const inLanguage = (language: Language, en: string | undefined, zh: string | undefined) => (language === 'zh' && zh ? zh : (en ?? ''))

export const addressOf = (p: { source: string; name: string }) => `/market/${encodeURIComponent(p.source)}/${encodeURIComponent(p.name)}`
