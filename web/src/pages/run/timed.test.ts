import { describe, expect, it } from 'vitest'
import { clock, seconds, timed } from './timed'

const line = (seq: number, at: string) => ({ seq, at, level: 'info' as const, text: `line ${seq}` })

describe('what a script printed', () => {
  it('is timed from the line before and from the start', () => {
    const lines = timed('2026-11-01T12:00:00Z', [line(1, '2026-11-01T12:00:00.250Z'), line(2, '2026-11-01T12:00:01.454Z'), line(3, '2026-11-01T12:01:01.454Z')])
    expect(lines.map((l) => [seconds(l.delta), seconds(l.total)])).toEqual([
      ['0.250 s', '0.250 s'],
      ['1.204 s', '1.454 s'],
      ['60.000 s', '61.454 s'],
    ])
  })

  it('begins with its first line where the start is not known', () => {
    expect(timed(undefined, [line(1, '2026-11-01T12:00:05Z')])[0]).toMatchObject({ delta: 0, total: 0 })
  })

  it('has the time of day to the millisecond', () => expect(clock('2026-11-01T12:00:01.454Z')).toMatch(/^\d\d:\d\d:01\.454$/))

  it('never goes back where a clock does', () => {
    const lines = timed('2026-11-01T12:00:01Z', [line(1, '2026-11-01T12:00:00Z'), line(2, '2026-11-01T12:00:02Z')])
    expect(lines.map((l) => [l.delta, l.total])).toEqual([
      [0, 0],
      [2, 1],
    ])
  })
})
