import type { HostQuery } from '@/api/hosts'
import { list, oneOf, text, type State } from '@/lib/address'

export const states = ['critical', 'error', 'warning', 'ok', 'no_data'] as const

export const shape = {
  q: text(),
  state: list(),
  sort: oneOf(['name', 'level', 'value', 'exhaustion', 'seen'], 'name'),
}

export type Filter = State<typeof shape>

/** query is the filter as the API takes it. */
export function query(f: Filter): HostQuery {
  const chosen = states.filter((s) => f.state.includes(s))
  return { text: f.q || undefined, state: chosen.length > 0 ? chosen : undefined, sort: f.sort }
}
