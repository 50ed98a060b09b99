import { describe, expect, it } from 'vitest'
import { branches, isScriptName, isSetName } from './tree'

const sets = [
  { id: '1', name: 'zoo' },
  { id: '2', name: 'leaks', title: '内存泄漏', package: { name: 'leaks' } },
  { id: '3', name: 'ops' },
]
const scripts = [
  { id: 'a', set_id: '3', name: 'late' },
  { id: 'b', set_id: '3', name: 'early' },
  { id: 'c', set_id: '2', name: 'main' },
]
const shape = (find: string) => branches(sets, scripts, find).map(({ set, scripts: found }) => [set.name, ...found.map((s) => s.name)])

describe('the list of sets', () => {
  it('has own sets first, by name', () => expect(shape('')).toEqual([['ops', 'early', 'late'], ['zoo'], ['leaks', 'main']]))
  it('finds scripts', () => expect(shape('LATE')).toEqual([['ops', 'late']]))
  it('finds a set with all of it', () => expect(shape('泄漏')).toEqual([['leaks', 'main']]))
  it('finds a script as it is imported', () => expect(shape('ops__e')).toEqual([['ops', 'early']]))
  it('finds nothing', () => expect(shape('nobody')).toEqual([]))
})

describe('a name', () => {
  it.each(['ops', 'Ops_2', 'a', '_a'])('%s may be a set', (name) => expect(isSetName(name)).toBe(true))
  it.each(['', '2ops', 'a b', 'a__b', 'a_', 'a-b', '内存'])('%j may not', (name) => expect(isSetName(name)).toBe(false))
  it.each(['main', 'a__b', 'a_'])('%s may be a script', (name) => expect(isScriptName(name)).toBe(true))
  it.each(['', '2a', 'a.py', '内存'])('%j may not be one', (name) => expect(isScriptName(name)).toBe(false))
})
