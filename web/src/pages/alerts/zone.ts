// The browser's picker of a time writes what a clock shows, without a zone; here the clock is that of a chosen zone,
// so that "from 22:00" of a silence in Shanghai is 22:00 there, wherever its author sits.

export const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

/** ownZone is the zone of the browser. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** toClock writes an RFC 3339 time as the clock of a zone shows it, UTC where it is empty; '' where it is no time. */
export function toClock(time: string | undefined, zone: string): string {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? '' : new Date(at + offset(at, zone)).toISOString().slice(0, 16)
}

/** fromClock reads what the clock of a zone shows; undefined where nothing was picked. */
export function fromClock(clock: string, zone: string): string | undefined {
  const shown = Date.parse(`${clock}Z`)
  if (clock === '' || Number.isNaN(shown)) return undefined
  // The offset is that of the time which is sought: a second look settles the hours about a change of summer time.
  const near = shown - offset(shown, zone)
  return new Date(shown - offset(near, zone)).toISOString().replace('.000Z', 'Z')
}

// offset is by how many ms the clock of a zone is ahead of UTC at a time.
function offset(at: number, zone: string): number {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(at).map((part) => [part.type, Number(part.value)])) as Record<string, number>
  const shown = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second)
  return shown - Math.floor(at / 1000) * 1000
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const whole = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const
  try {
    return new Intl.DateTimeFormat('en-US', { ...whole, hourCycle: 'h23', timeZone: zone || 'UTC' })
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...whole, hourCycle: 'h23', timeZone: 'UTC' }) // what the browser does not know
  }
}
