import { session } from '@/api/session'
import { query, type Filter } from './filter'

/** exportAddress is where the events that a filter chooses lie as a file. A link sends no header, so it names the workspace. */
export function exportAddress(filter: Filter, format: 'csv' | 'json'): string {
  const { sort, ...rest } = query(filter)
  const parameters = new URLSearchParams({ format })
  for (const [name, value] of Object.entries(rest)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parameters.append(name, String(one))
    }
  }
  const { workspace } = session.get()
  if (workspace) parameters.set('workspace', workspace)
  return `/api/v1/events/export?${parameters.toString()}`
}
