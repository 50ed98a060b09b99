import { describe, expect, it } from 'vitest'
import { list, oneOf, read, text, whole, write } from './address'

const shape = { status: oneOf(['open', 'all'], 'open'), q: text(), page: whole(1, 1, 99), level: list() }

describe('an address', () => {
  it('without parameters is the default', () =>
    expect(read(shape, {})).toEqual({ status: 'open', q: '', page: 1, level: [] }))

  it('is read back as it was written', () => {
    const state = { status: 'all' as const, q: 'java', page: 3, level: ['error', 'critical'] }
    expect(read(shape, write(shape, state))).toEqual(state)
  })

  it('leaves out what is the default', () =>
    expect(write(shape, { status: 'open', q: '', page: 2, level: [] })).toEqual({ page: 2 }))

  it.each([
    [{ status: 'nonsense' }],
    [{ page: '1.5' }],
    [{ page: -3 }],
    [{ level: { a: 1 } }],
    [{ q: { toString: 1 } }],
  ])('with nonsense %j is the default', (search) =>
    expect(read(shape, search)).toEqual({ status: 'open', q: '', page: 1, level: [] }))

  it('takes a number for a text, since the router reads 42 as one', () => expect(read(shape, { q: 42 }).q).toBe('42'))
  it('takes one value for a list', () => expect(read(shape, { level: 'error' }).level).toEqual(['error']))
})
