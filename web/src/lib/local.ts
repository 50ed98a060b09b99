// The browser's own picker of a time writes local time without a zone; the API and addresses hold it with one.

/** toLocal writes an RFC 3339 time as the picker has it; empty where it is none. */
export function toLocal(time: string): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** fromLocal reads what the picker has; undefined where nothing was picked. */
export function fromLocal(local: string): string | undefined {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
