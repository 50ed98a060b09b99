import { describe, expect, it } from 'vitest'
import { clock, roundBytes } from './axes'

describe('the axes of charts', () => {
  it('mark bytes at round sizes, each larger than the one before', () => {
    expect(roundBytes).toContain(512 * 1024 ** 2)
    expect(roundBytes).toContain(2 * 1024 ** 3)
    expect([...roundBytes].sort((a, b) => a - b)).toEqual(roundBytes)
  })

  it('write the date once a day', () => {
    const noon = new Date(2026, 0, 31, 22, 0).getTime() / 1000
    expect(clock([noon, noon + 3600, noon + 7200], 3600, 'zh')).toEqual(['22:00\n01-31', '23:00', '00:00\n02-01'])
    expect(clock([noon, noon + 3600, noon + 7200], 3600, 'en')).toEqual(['22:00\n31 Jan', '23:00', '00:00\n1 Feb'])
  })

  it('write the date alone where marks are days apart', () => {
    const midnight = new Date(2026, 0, 31).getTime() / 1000
    expect(clock([midnight], 86_400, 'zh')).toEqual(['01-31'])
    expect(clock([midnight], 86_400, 'en')).toEqual(['31 Jan'])
  })
})
