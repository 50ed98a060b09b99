// A leak that is killed and leaks again: when it is killed next, as of now.

/** Restarts is what is read here of what the API tells of it. */
export type Restarts = { every_seconds?: number; next?: string }

/** nextKill is the next one that is to come: where the one foretold has gone by, a life later, or several. */
export function nextKill(restarts: Restarts | undefined, now: Date): Date | undefined {
  if (restarts?.next === undefined) return undefined
  const next = Date.parse(restarts.next)
  const every = (restarts.every_seconds ?? 0) * 1000
  if (next >= now.getTime() || every <= 0) return new Date(next)
  return new Date(next + Math.ceil((now.getTime() - next) / every) * every)
}
