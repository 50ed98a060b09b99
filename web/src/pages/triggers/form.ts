// A trigger as its form holds it, and as the API takes it.
import type { Trigger, TriggerInput } from '@/api/triggers'
import { fromLocal, toLocal } from '@/lib/local'
import { readArgs } from '@/lib/args'

export type Form = {
  script_id: string
  function: string
  args: string // JSON; empty is none
  schedule: string
  time_zone: string
  enabled: boolean
  expires_at: string // as the browser's picker has it; empty is never
  note: string
  tags: string[]
  keep: number // records
  timeout_seconds: number // where the script says none
}


export const fresh: Form = {
  script_id: '',
  function: '',
  args: '',
  schedule: '0 * * * *',
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  enabled: true,
  expires_at: '',
  note: '',
  tags: [],
  keep: 500,
  timeout_seconds: 900,
}

/** fromTrigger fills the form. */
export function fromTrigger(trigger: Trigger): Form {
  return {
    script_id: trigger.script_id,
    function: trigger.function,
    args: trigger.args === undefined || trigger.args === null ? '' : JSON.stringify(trigger.args, null, 2),
    schedule: trigger.schedule ?? '',
    time_zone: trigger.time_zone || 'UTC',
    enabled: trigger.enabled,
    expires_at: trigger.expires_at ? toLocal(trigger.expires_at) : '',
    note: trigger.note ?? '',
    tags: trigger.tags ?? [],
    keep: trigger.keep ?? fresh.keep,
    timeout_seconds: trigger.timeout_seconds ?? fresh.timeout_seconds,
  }
}

/** toInput is what the API takes; an empty field is left out. */
export function toInput(f: Form): TriggerInput {
  return {
    script_id: f.script_id,
    function: f.function,
    args: readArgs(f.args).value as TriggerInput['args'],
    schedule: f.schedule.trim() || undefined,
    time_zone: f.time_zone || undefined,
    enabled: f.enabled,
    expires_at: fromLocal(f.expires_at),
    note: f.note.trim() || undefined,
    tags: f.tags.length > 0 ? f.tags : undefined,
    keep: f.keep,
    timeout_seconds: f.timeout_seconds,
  }
}

/** dedent takes away the lines and the spaces around a docstring that only its place in the code asks for. */
export function dedent(doc: string): string {
  const lines = doc.replace(/^(\s*\n)+|\s+$/g, '').split('\n')
  const indents = lines.slice(doc.startsWith(lines[0]!) ? 1 : 0).filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  const least = indents.length > 0 ? Math.min(...indents) : 0
  return lines.map((line) => (line.search(/\S/) >= least ? line.slice(least) : line.trimStart())).join('\n')
}
