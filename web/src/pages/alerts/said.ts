// Rules and times in words, as lists show them.
import type { TFunction } from 'i18next'
import type { Schemas } from '@/api/client'
import { duration, inZone, type Language } from '@/lib/format'
import { toWeekly } from './weekly'

/** dayName is a day of the week, from 0, Sunday. */
export const dayName = (day: number, language: Language) =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 2, 1 + day)) // 1 March 2026 was a Sunday

/** sayPeriod says when a period is, on the clock of its zone. */
export function sayPeriod(p: Schemas['Period'], zone: string, t: TFunction, language: Language): string {
  const bounds = [p.from && t('alerts.said.from', { time: inZone(new Date(p.from), zone, language) }), p.to && t('alerts.said.to', { time: inZone(new Date(p.to), zone, language) })].filter((part) => part)
  if (!p.cron) return bounds.join(' ') || t('alerts.said.always')
  return [t('alerts.said.again', { when: sayCron(p.cron, t, language), duration: duration(p.for_seconds, language) }), ...bounds].join(' ')
}

function sayCron(cron: string, t: TFunction, language: Language): string {
  const weekly = toWeekly(cron)
  if (!weekly) return cron
  const named = weekly.days.length === 0 ? t('alerts.said.daily') : weekly.days.join() === '1,2,3,4,5' ? t('alerts.said.workdays') : [...weekly.days].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).map((day) => dayName(day, language)).join(t('alerts.said.and'))
  return `${named} ${weekly.at}`
}

/** sayMatch says what a matcher chooses; empty where it is everything. Inspections are named by name. */
export const sayMatch = (m: Schemas['Matcher'], inspection: (id: string) => string): string[] => [
  ...(m.inspections ?? []).map(inspection),
  ...(m.objects ?? []),
  ...(m.attributes ?? []).map((c) => `${c.key} ${c.not ? '≠' : '='} ${c.values.join('|')}`),
]

const groups = ['inspection', 'culprit', 'object', 'level', 'host', 'kind', 'namespace'] as const

/** sayGroups names the fields that events are gathered by; an attribute has no other name than its own. */
export function sayGroups(fields: string[], t: TFunction): string {
  const named = (fields.length > 0 ? fields : groups.slice(0, 2)).map((field) => {
    const known = groups.find((group) => group === field)
    return known ? t(`alerts.said.group.${known}`) : field
  })
  return named.join(t('alerts.said.and'))
}
