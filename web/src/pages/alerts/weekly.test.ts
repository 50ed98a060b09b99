import { describe, expect, it } from 'vitest'
import { fromWeekly, toWeekly } from './weekly'

describe('a crontab line as days and a time', () => {
  it.each([
    ['0 9 * * 1-5', [1, 2, 3, 4, 5], '09:00'],
    ['30 22 * * *', [], '22:30'],
    ['5 0 * * 0,6', [0, 6], '00:05'],
    ['0 23 * * 5', [5], '23:00'],
  ])('%s is read, and written again as it was', (line, days, at) => {
    expect(toWeekly(line)).toEqual({ days, at })
    expect(fromWeekly({ days, at })).toBe(line)
  })

  it('takes all seven days for every day', () => expect(fromWeekly({ days: [0, 1, 2, 3, 4, 5, 6], at: '07:00' })).toBe('0 7 * * *'))

  it.each(['', '0 9 1 * *', '*/5 * * * *', '0 9,17 * * *', '60 9 * * *', '0 24 * * *', '0 9 * * mon', '0 9 * * 5-1', '0 9 * * 7', '0 9 * *'])('"%s" is more than that, or no line', (line) =>
    expect(toWeekly(line)).toBeUndefined(),
  )
})
