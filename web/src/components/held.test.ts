import { describe, expect, it } from 'vitest'
import { hold } from './held'

const id = (item: { id: string }) => item.id
const rows = (ids: string, of = '') => [...ids].map((one) => ({ id: one, of }))
const ids = (items: { id: string }[]) => items.map(id).join('')

describe('a list that somebody is at', () => {
  it('is as fresh where nobody is at it', () => expect(hold(undefined, rows('ab'), id)).toEqual({ shown: rows('ab'), added: 0, changed: false }))

  it('keeps its rows in place and up to date, and says how many are new', () => {
    const held = hold(rows('abc', 'old'), rows('xyabc', 'new'), id)
    expect(held.shown).toEqual(rows('abc', 'new'))
    expect(held).toMatchObject({ added: 2, changed: true })
  })

  it('shows what follows at the end at once', () => expect(hold(rows('ab'), rows('abcd'), id)).toEqual({ shown: rows('abcd'), added: 0, changed: false }))

  it.each([
    ['turned about', 'bac'],
    ['without one of them', 'ac'],
  ])('says that it would look otherwise, %s', (_, fresh) => {
    const held = hold(rows('abc'), rows(fresh), id)
    expect(ids(held.shown)).toBe('abc')
    expect(held).toMatchObject({ added: 0, changed: true })
  })

  it('lets go what was dismissed', () => {
    const held = hold(rows('abc'), rows('ac'), id, new Set('b'))
    expect(ids(held.shown)).toBe('ac')
    expect(held.changed).toBe(false)
  })

  it('keeps what was dismissed where the list still has it', () => expect(ids(hold(rows('abc'), rows('abc'), id, new Set('b')).shown)).toBe('abc'))

  it('is another list where nothing of it is left', () => expect(hold(rows('abc'), rows('xyz'), id)).toEqual({ shown: rows('xyz'), added: 0, changed: false }))
})
