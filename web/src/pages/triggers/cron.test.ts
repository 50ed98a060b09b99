import { describe, expect, it } from 'vitest'
import { fromChoice, toChoice, type Choice } from './cron'

const every: Choice = { minute: [], hour: [], day: [], month: [], weekday: [] }

describe('a crontab line as a form', () => {
  it.each<[string, Partial<Choice>]>([
    ['* * * * *', {}],
    ['0 * * * *', { minute: [0] }],
    ['*/15 * * * *', { minute: [0, 15, 30, 45] }],
    ['5 9-11 * * *', { minute: [5], hour: [9, 10, 11] }],
    ['0 0,12 1 * *', { minute: [0], hour: [0, 12], day: [1] }],
    ['30 6 * * 1-5', { minute: [30], hour: [6], weekday: [1, 2, 3, 4, 5] }],
    ['0 0 * 2,4-6 *', { minute: [0], hour: [0], month: [2, 4, 5, 6] }],
    ['*/7 * * * *', { minute: [0, 7, 14, 21, 28, 35, 42, 49, 56] }],
  ])('%s is read, and written again as it was', (line, choice) => {
    expect(toChoice(line)).toEqual({ ...every, ...choice })
    expect(fromChoice({ ...every, ...choice })).toBe(line)
  })

  it.each([
    ['0 6 * * 7', '0 6 * * 0'],
    ['0 6 * * 6-7', '0 6 * * 0,6'],
    ['0 6 * JAN mon-FRI', '0 6 * 1 1-5'],
    ['0-59 0/6 ? * *', '* */6 * * *'],
    ['5/10 * * * *', '5,15,25,35,45,55 * * * *'],
    ['  10,5,5   *  * * * ', '5,10 * * * *'],
    ['10-30/10 * * * *', '10,20,30 * * * *'],
  ])('%s means %s', (line, same) => expect(fromChoice(toChoice(line)!)).toBe(same))

  it.each(['', '0 * * *', '0 * * * * *', '@hourly', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '5-1 * * * *', '*/0 * * * *', 'a * * * *', '1,,2 * * * *', '* * * foo *', '0 0 1-31 * 1'])('"%s" has no form', (line) =>
    expect(toChoice(line)).toBeUndefined(),
  )
})
