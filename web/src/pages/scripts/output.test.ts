import { describe, expect, it } from 'vitest'
import { print, silent, since } from './output'

const line = (text: string) => ({ at: '2026-01-31T12:00:00Z', text })

describe('what a run prints', () => {
  it('is kept in its order', () => expect(print(print(silent, [line('a')]), [line('b')]).lines.map((l) => l.text)).toEqual(['a', 'b']))
  it('is cut at its begin, and said so', () => {
    const output = print(print(silent, Array.from({ length: 1999 }, (_, i) => line(String(i)))), [line('x'), line('y'), line('z')])
    expect(output.lines).toHaveLength(2000)
    expect(output.dropped).toBe(2)
    expect(output.lines[0]!.text).toBe('2')
    expect(output.lines.at(-1)!.text).toBe('z')
  })
  it.each([
    ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:01.204Z', '+1.204 s'],
    [undefined, '2026-01-31T12:00:01Z', '+0.000 s'],
  ])('%s to %s', (first, at, want) => expect(since(first, at)).toBe(want))
})
