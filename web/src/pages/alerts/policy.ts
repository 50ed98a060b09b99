// A policy as its form holds it, and as the API takes it.
import { randomId } from '@mantine/hooks'
import type { Schemas } from '@/api/client'
import { everything, fromMatcher, toMatcher, type MatchForm } from './match'
import { fromPeriod, toPeriod, type PeriodForm } from './period'
import { ownZone } from './zone'

export type EscalationForm = { after: number | string; unless: 'recovered' | 'acknowledged'; targets: string[] } // minutes

export type RuleForm = {
  key: string // of this rule while the form is open, wherever it is moved
  name: string
  levels: string[]
  match: MatchForm
  times: PeriodForm[]
  targets: string[]
  escalations: EscalationForm[]
}

export type PolicyFormValues = {
  name: string
  description: string
  rules: RuleForm[]
  window_minutes: number | string
  again_hours: number | string
  group_by: string[]
  time_zone: string
  is_default: boolean
}

export const emptyRule = (): RuleForm => ({ key: randomId(), name: '', levels: [], match: everything(), times: [], targets: [], escalations: [] })

/** fromPolicy fills the form; a new policy has the zone of who makes it. */
export function fromPolicy(p: Schemas['Policy'] | undefined): PolicyFormValues {
  const zone = p ? p.time_zone || 'UTC' : ownZone()
  return {
    name: p?.name ?? '',
    description: p?.description ?? '',
    rules: p ? p.rules.map((rule) => fromRule(rule, zone)) : [emptyRule()],
    window_minutes: (p?.window_seconds ?? 30) / 60,
    again_hours: (p?.again_seconds ?? 86_400) / 3600,
    group_by: p?.group_by ?? ['inspection', 'culprit'],
    time_zone: zone,
    is_default: p?.is_default ?? false,
  }
}

const fromRule = (rule: Schemas['Rule'], zone: string): RuleForm => ({
  key: randomId(),
  name: rule.name ?? '',
  levels: rule.levels,
  match: fromMatcher(rule.match),
  times: rule.times.map((period) => fromPeriod(period, zone)),
  targets: rule.targets,
  escalations: rule.escalations.map((e) => ({ after: e.after_seconds / 60, unless: e.unless, targets: e.targets })),
})

/** toRule is what the API takes of a rule. */
export const toRule = (rule: RuleForm, zone: string): Schemas['Rule'] => ({
  name: rule.name.trim() || undefined,
  levels: rule.levels as Schemas['Rule']['levels'],
  match: toMatcher(rule.match),
  times: rule.times.map((period) => toPeriod(period, zone)),
  targets: rule.targets,
  escalations: rule.escalations.map((e) => ({ after_seconds: seconds(e.after, 60), unless: e.unless, targets: e.targets })),
})

/** toPolicy is what the API takes. */
export function toPolicy(f: PolicyFormValues): Schemas['PolicyInput'] {
  return {
    name: f.name.trim(),
    description: f.description || undefined,
    is_default: f.is_default,
    rules: f.rules.map((rule) => toRule(rule, f.time_zone)),
    window_seconds: seconds(f.window_minutes, 60),
    again_seconds: seconds(f.again_hours, 3600),
    group_by: f.group_by,
    time_zone: f.time_zone || undefined,
  }
}

const seconds = (amount: number | string, unit: number) => Math.round(Number(amount) * unit)
