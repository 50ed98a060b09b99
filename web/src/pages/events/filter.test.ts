import { describe, expect, it } from 'vitest'
import { read } from '@/lib/address'
import { add, exclude, query, shape } from './filter'

const none = read(shape, {})

describe('the filter of events', () => {
  it('asks for open events by default', () => expect(query(none)).toMatchObject({ status: 'open', sort: 'opened' }))
  it('asks for all without a status', () => expect(query({ ...none, status: 'all' }).status).toBeUndefined())
  it('leaves out what is not set', () =>
    expect(Object.entries(query(none)).filter(([, v]) => v !== undefined).map(([k]) => k)).toEqual(['status', 'sort']))
  it('drops levels that do not exist', () => expect(query({ ...none, level: ['error', 'nonsense'] }).level).toEqual(['error']))
  it('drops an attribute that is no pair', () => expect(read(shape, { is: ['nocolon', ':x', 'a:', 'a:b', 'url:http://c'] }).is).toEqual(['a:b', 'url:http://c']))
  it('drops a time that is none', () => expect(query({ ...none, from: 'yesterday-ish' }).from).toBeUndefined())

  it('moves an attribute from added to excluded', () => {
    const added = { ...none, ...add(none, 'namespace:shop') }
    expect(added.is).toEqual(['namespace:shop'])
    const excluded = { ...added, ...exclude(added, 'namespace:shop') }
    expect([excluded.is, excluded.not]).toEqual([[], ['namespace:shop']])
  })
  it('adds an attribute once', () => expect(add({ ...none, is: ['a:b'] }, 'a:b').is).toEqual(['a:b']))
})
