// When a script printed its lines, as a person compares them.
import type { Schemas } from '@/api/client'

type Line = Schemas['LogLine']
export type Timed = Line & { delta: number; total: number } // seconds since the line before, and since the run began

/** timed adds to lines, the oldest first, how long after the one before and after the start each was printed. */
export function timed(start: string | undefined, lines: Line[]): Timed[] {
  const first = Date.parse(start ?? lines[0]?.at ?? '')
  let before = first
  return lines.map((line) => {
    const at = Date.parse(line.at)
    const of = { ...line, delta: Math.max(at - before, 0) / 1000, total: Math.max(at - first, 0) / 1000 }
    before = at
    return of
  })
}

/** seconds writes them to the millisecond: 1.204 s. */
export const seconds = (value: number) => `${value.toFixed(3)} s`

/** clock writes a time of day to the millisecond, in the reader's zone: 12:00:01.454. */
export const clock = (at: string) =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false }).format(new Date(at))
