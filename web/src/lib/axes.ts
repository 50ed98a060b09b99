// The axes of charts: round sizes in binary units, times on a 24 hour clock in the reader's zone.
import type uPlot from 'uplot'
import type { Language } from './format'

/** roundBytes are distances of marks on an axis of bytes: 1, 2, 5, 10 … 512 of each binary unit. */
export const roundBytes: number[] = [0, 1, 2, 3, 4, 5].flatMap((unit) => [1, 2, 5, 10, 20, 50, 100, 200, 512].map((n) => n * 1024 ** unit))

const day = 86_400
const dayOfMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }) // 01/02 is read in two ways

/** clock writes the marks of a time axis; the date stands where a day begins, and at the first mark. */
export function clock(ticks: number[], distance: number, language: Language): string[] {
  let before = ''
  return ticks.map((seconds) => {
    const time = new Date(seconds * 1000)
    const two = (n: number) => String(n).padStart(2, '0')
    const date = language === 'zh' ? `${two(time.getMonth() + 1)}-${two(time.getDate())}` : dayOfMonth.format(time)
    const hours = `${two(time.getHours())}:${two(time.getMinutes())}`
    const first = date !== before
    before = date
    if (distance >= day) return date
    return first ? `${hours}\n${date}` : hours
  })
}

/** timeAxis is what both charts show below. */
export const timeAxis = (language: Language): uPlot.Axis => ({ values: (_, ticks, __, ___, distance) => clock(ticks, distance, language) })
