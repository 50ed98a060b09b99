import { describe, expect, it } from 'vitest'
import { fromClock, toClock } from './zone'

describe('a time on the clock of a zone', () => {
  it.each([
    ['2026-11-28T22:00', 'Asia/Shanghai', '2026-11-28T14:00:00Z'],
    ['2026-11-28T22:00', 'UTC', '2026-11-28T22:00:00Z'],
    ['2026-11-28T22:00', '', '2026-11-28T22:00:00Z'],
    ['2026-07-01T00:30', 'Europe/Berlin', '2026-06-30T22:30:00Z'],
    ['2026-12-01T00:30', 'Europe/Berlin', '2026-11-30T23:30:00Z'],
    ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00Z'], // half an hour before summer time
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'], // and half an hour after it began
    ['2026-03-08T12:00', 'America/New_York', '2026-03-08T16:00:00Z'],
    ['2026-01-01T05:45', 'Asia/Kathmandu', '2026-01-01T00:00:00Z'],
  ])('%s in %s is %s', (clock, zone, time) => {
    expect(fromClock(clock, zone)).toBe(time)
    expect(toClock(time, zone)).toBe(clock)
  })

  it('is none where nothing was picked', () => {
    expect(fromClock('', 'UTC')).toBeUndefined()
    expect(toClock(undefined, 'UTC')).toBe('')
    expect(toClock('soon', 'UTC')).toBe('')
  })
})
