import { describe, expect, it } from 'vitest'
import { fromLocal, toLocal } from './local'

describe('times of the picker', () => {
  it('are read back as they were written', () => expect(fromLocal(toLocal('2026-01-31T12:30:00.000Z'))).toBe('2026-01-31T12:30:00.000Z'))
  it.each(['', 'nonsense'])('%j is no time', (raw) => {
    expect(toLocal(raw)).toBe('')
    expect(fromLocal(raw)).toBeUndefined()
  })
})
