// A silence as its form holds it, and as the API takes it.
import type { Schemas } from '@/api/client'
import { everything, fromMatcher, toMatcher, type MatchForm } from './match'
import { fromPeriod, newPeriod, toPeriod, type PeriodForm } from './period'
import { ownZone } from './zone'

export type SilenceForm = {
  name: string
  match: MatchForm
  policies: string[]
  period: PeriodForm
  zone: string
  before: number | string // minutes
  tell: string[] // identifiers of targets that are told before it begins
}

/** fromSilence fills the form; a new silence begins now, in the zone of who makes it. */
export function fromSilence(s: Schemas['Silence'] | undefined): SilenceForm {
  const zone = s ? s.time_zone || 'UTC' : ownZone()
  return {
    name: s?.name ?? '',
    match: s ? fromMatcher(s.match) : everything(),
    policies: s?.policies ?? [],
    period: s ? fromPeriod(s.period, zone) : newPeriod('now'),
    zone,
    before: (s?.notice_before_seconds || 1800) / 60,
    tell: s?.notice_targets ?? [],
  }
}

/** toSilence is what the API takes; nobody is told before what begins now. */
export function toSilence(f: SilenceForm): Schemas['SilenceInput'] {
  const tell = f.period.kind === 'now' ? [] : f.tell
  return {
    name: f.name.trim(),
    match: toMatcher(f.match),
    policies: f.policies,
    period: toPeriod(f.period, f.zone),
    time_zone: f.zone,
    notice_before_seconds: tell.length === 0 ? 0 : Math.round(Number(f.before) * 60),
    notice_targets: tell,
  }
}

/** telling leaves out targets that were deleted since the silence was written; all stay while it is not known which there are. */
export const telling = (f: SilenceForm, targets: Pick<Schemas['Target'], 'id'>[] | undefined): SilenceForm => ({
  ...f,
  tell: f.tell.filter((id) => targets === undefined || targets.some((target) => target.id === id)),
})
