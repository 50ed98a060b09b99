// A policy as its form holds it, and as the API takes it.
import type { Schemas } from '@/api/client'
import { parseCondition, writeCondition } from '@/lib/conditions'

export type RuleForm = {
  name: string
  levels: string[]
  targets: string[]
  objects: string[]
  attributes: string[]
  cron: string
  hours: number
  escalations: { after: number; unless: 'recovered' | 'acknowledged'; targets: string[] }[]
  kept: Schemas['Rule'] | undefined // what the form does not show stays
}

export type PolicyFormValues = {
  name: string
  description: string
  rules: RuleForm[]
  window_minutes: number
  again_hours: number
  group_by: string[]
  time_zone: string
  is_default: boolean
}

export const emptyRule = (): RuleForm => ({ name: '', levels: [], targets: [], objects: [], attributes: [], cron: '', hours: 8, escalations: [], kept: undefined })

/** fromPolicy fills the form. */
export function fromPolicy(p: Schemas['Policy'] | undefined): PolicyFormValues {
  return {
    name: p?.name ?? '',
    description: p?.description ?? '',
    rules: p
      ? p.rules.map((rule) => ({
          name: rule.name ?? '',
          levels: rule.levels,
          targets: rule.targets,
          objects: rule.match.objects ?? [],
          attributes: (rule.match.attributes ?? []).map(writeCondition),
          cron: rule.times[0]?.cron ?? '',
          hours: (rule.times[0]?.for_seconds ?? 8 * 3600) / 3600,
          escalations: rule.escalations.map((e) => ({ after: e.after_seconds / 60, unless: e.unless, targets: e.targets })),
          kept: rule,
        }))
      : [emptyRule()],
    window_minutes: (p?.window_seconds ?? 60) / 60,
    again_hours: (p?.again_seconds ?? 0) / 3600,
    group_by: p?.group_by ?? ['inspection', 'culprit'],
    time_zone: p?.time_zone ?? '',
    is_default: p?.is_default ?? false,
  }
}

/** toPolicy is what the API takes. */
export function toPolicy(f: PolicyFormValues): Schemas['PolicyInput'] {
  return {
    name: f.name.trim(),
    description: f.description || undefined,
    is_default: f.is_default,
    rules: f.rules.map((rule) => ({
      name: rule.name || undefined,
      levels: rule.levels as Schemas['Rule']['levels'],
      targets: rule.targets,
      match: {
        ...rule.kept?.match,
        objects: rule.objects.length > 0 ? rule.objects : undefined,
        attributes: rule.attributes.flatMap((text) => parseCondition(text) ?? []),
      },
      times: [...(rule.cron.trim() ? [{ cron: rule.cron.trim(), for_seconds: Math.round(rule.hours * 3600) }] : []), ...(rule.kept?.times.slice(1) ?? [])],
      escalations: rule.escalations.map((e) => ({ after_seconds: Math.round(e.after * 60), unless: e.unless, targets: e.targets })),
    })),
    window_seconds: Math.round(f.window_minutes * 60),
    again_seconds: Math.round(f.again_hours * 3600),
    group_by: f.group_by,
    time_zone: f.time_zone || undefined,
  }
}
