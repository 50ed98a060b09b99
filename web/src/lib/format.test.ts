import { describe, expect, it } from 'vitest'
import { absolute, ago, bytes, duration, inZone, minute, percent, share } from './format'

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [5_368_709_120, '5.00 GiB'],
    [-1_288_490_188, '−1.20 GiB'],
    [null, '–'],
    [NaN, '–'],
  ])('%s is %s', (value, text) => expect(bytes(value)).toBe(text))
})

describe('percent and share', () => {
  it('keeps one digit', () => expect(percent(92.44)).toBe('92.4 %'))
  it('writes a minus sign', () => expect(percent(-0.5)).toBe('−0.5 %'))
  it('turns a part into a percentage', () => expect(share(0.824)).toBe('82 %'))
})

describe('duration', () => {
  it.each([
    [0, '0 s', '0 秒'],
    [0.22, '0.2 s', '0.2 秒'],
    [59, '59 s', '59 秒'],
    [3600, '1 h', '1 小时'],
    [3660, '1 h 1 min', '1 小时 1 分钟'],
    [187_200, '2 d 4 h', '2 天 4 小时'],
    [86_430, '1 d', '1 天'],
  ])('%s seconds', (seconds, en, zh) => {
    expect(duration(seconds, 'en')).toBe(en)
    expect(duration(seconds, 'zh')).toBe(zh)
  })
})

describe('ago', () => {
  const now = new Date('2026-01-31T12:00:00Z')
  it.each([
    ['2026-01-31T11:57:00Z', '3 min ago', '3 分钟前'],
    ['2026-01-31T15:00:00Z', 'in 3 hr', '3 小时后'],
    ['2026-01-28T12:00:00Z', '3 days ago', '3 天前'],
  ])('%s', (time, en, zh) => {
    expect(ago(new Date(time), now, 'en')).toBe(en)
    expect(ago(new Date(time), now, 'zh')).toBe(zh)
  })
})

describe('absolute', () => {
  it.each([
    ['UTC', '2026-02-01T01:30:00Z', '1 Feb 2026, 01:30:00 UTC', '2026-02-01 01:30:00 UTC'],
    ['Asia/Shanghai', '2026-01-31T16:00:00Z', '1 Feb 2026, 00:00:00 GMT+8', '2026-02-01 00:00:00 GMT+8'], // midnight is no 24:00
  ])('in %s', (zone, time, en, zh) => {
    expect(absolute(new Date(time), 'en', zone)).toBe(en)
    expect(absolute(new Date(time), 'zh', zone)).toBe(zh)
  })
})

describe('minute', () => {
  it('leaves out the seconds', () => {
    const time = new Date('2026-02-01T01:30:59Z')
    expect(minute(time, 'en', 'UTC')).toBe('1 Feb 2026, 01:30 UTC')
    expect(minute(time, 'zh', 'UTC')).toBe('2026-02-01 01:30 UTC')
  })
})

describe('inZone', () => {
  it.each([
    ['Asia/Shanghai', 'Sun, 1 Feb 2026, 09:30 GMT+8', '2026-02-01 周日 09:30 GMT+8'],
    ['', 'Sun, 1 Feb 2026, 01:30 UTC', '2026-02-01 周日 01:30 UTC'],
  ])('shows what the clock of "%s" shows', (zone, en, zh) => {
    const time = new Date('2026-02-01T01:30:00Z')
    expect(inZone(time, zone, 'en')).toBe(en)
    expect(inZone(time, zone, 'zh')).toBe(zh)
  })
})
