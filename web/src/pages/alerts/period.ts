// A time that comes once, or again and again, as a form holds it and as the API takes it.
import type { Schemas } from '@/api/client'
import { fromClock, toClock } from './zone'

export type PeriodForm = {
  kind: 'now' | 'dates' | 'again'
  cron: string // when it begins each time; of again alone
  hours: number | string // how long each time; empty while it is typed
  from: string // on the clock of the zone; empty is no bound
  to: string
}

const night = { cron: '0 22 * * *', hours: 8 }

/** newPeriod is what a form begins with. */
export const newPeriod = (kind: PeriodForm['kind']): PeriodForm => ({ kind, ...night, from: '', to: '' })

/** fromPeriod fills the form. */
export const fromPeriod = (p: Schemas['Period'], zone: string): PeriodForm => ({
  kind: p.cron ? 'again' : 'dates',
  cron: p.cron ?? night.cron,
  hours: p.for_seconds ? p.for_seconds / 3600 : night.hours,
  from: toClock(p.from, zone),
  to: toClock(p.to, zone),
})

/** toPeriod is what the API takes; what belongs to another kind of period is left out. */
export function toPeriod(f: PeriodForm, zone: string): Schemas['Period'] {
  const bounds = { from: f.kind === 'now' ? undefined : fromClock(f.from, zone), to: fromClock(f.to, zone) }
  return f.kind === 'again' ? { cron: f.cron.trim(), for_seconds: Math.round(Number(f.hours) * 3600), ...bounds } : bounds
}
