// An inspection as its form holds it, and as the API takes it.
import type { Schemas } from '@/api/client'

export type Form = {
  name: string
  help: string
  hosts: string
  source_id: string
  window_hours: number
  history_seconds: number
  schedule: string
  time_zone: string
  timeout_seconds: number
  enabled: boolean
  expires_at: string // yyyy-mm-dd; empty is never
  own_levels: boolean
  levels: Schemas['Levels']
  healthy_runs: number
  no_data_runs: number
  policy_id: string
  tags: string[]
}

export const levels: Schemas['Levels'] = { critical_hours: 6, error_hours: 24, critical_percent: 95, error_percent: 85 }

export const fresh: Form = {
  name: '',
  help: '',
  hosts: '',
  source_id: '',
  window_hours: 6,
  history_seconds: 604_800,
  schedule: '0 * * * *',
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  timeout_seconds: 900,
  enabled: true,
  expires_at: '',
  own_levels: false,
  levels,
  healthy_runs: 2,
  no_data_runs: 3,
  policy_id: '',
  tags: [],
}

/** fromInspection fills the form. */
export function fromInspection(i: Schemas['Inspection']): Form {
  return {
    name: i.name,
    help: i.help ?? '',
    hosts: i.hosts ?? '',
    source_id: i.source_id ?? '',
    window_hours: (i.window_seconds ?? 21_600) / 3600,
    history_seconds: i.history_seconds ?? fresh.history_seconds,
    schedule: i.schedule,
    time_zone: i.time_zone ?? '',
    timeout_seconds: i.timeout_seconds ?? fresh.timeout_seconds,
    enabled: i.enabled,
    expires_at: i.expires_at?.slice(0, 10) ?? '',
    own_levels: i.levels !== undefined,
    levels: i.levels ?? levels,
    healthy_runs: i.healthy_runs ?? fresh.healthy_runs,
    no_data_runs: i.no_data_runs ?? fresh.no_data_runs,
    policy_id: i.policy_id ?? '',
    tags: i.tags ?? [],
  }
}

/** toInput is what the API takes; an empty field is left out. */
export function toInput(f: Form): Schemas['InspectionInput'] {
  return {
    name: f.name.trim(),
    help: f.help || undefined,
    hosts: f.hosts || undefined,
    source_id: f.source_id || undefined,
    window_seconds: Math.round(f.window_hours * 3600),
    history_seconds: f.history_seconds,
    schedule: f.schedule.trim(),
    time_zone: f.time_zone || undefined,
    timeout_seconds: f.timeout_seconds,
    enabled: f.enabled,
    expires_at: f.expires_at ? new Date(`${f.expires_at}T00:00:00Z`).toISOString() : undefined,
    levels: f.own_levels ? f.levels : undefined,
    healthy_runs: f.healthy_runs,
    no_data_runs: f.no_data_runs,
    policy_id: f.policy_id || undefined,
    tags: f.tags.length > 0 ? f.tags : undefined,
  }
}
