import { describe, expect, it } from 'vitest'
import { nextKill } from './restarts'

describe('nextKill', () => {
  const now = new Date('2026-11-01T12:00:00Z')
  const killed = (next: string | undefined, every_seconds?: number) => ({ count: 3, first: '2026-11-01T00:00:00Z', peak: 60, next, every_seconds })
  it.each([
    ['is the one that is foretold', killed('2026-11-01T12:20:00Z', 3600), '2026-11-01T12:20:00.000Z'],
    ['is a life later where that has gone by', killed('2026-11-01T11:40:00Z', 3600), '2026-11-01T12:40:00.000Z'],
    ['is several lives later', killed('2026-11-01T09:10:00Z', 3600), '2026-11-01T12:10:00.000Z'],
    ['stays where nobody knows how long a life is', killed('2026-11-01T11:40:00Z'), '2026-11-01T11:40:00.000Z'],
    ['is not known where it is not foretold', killed(undefined, 3600), undefined],
    ['is not known of what is not killed', undefined, undefined],
  ])('%s', (_, restarts, want) => expect(nextKill(restarts, now)?.toISOString()).toBe(want))
})
