import { describe, expect, it } from 'vitest'
import { complete, imports, type Offered } from './complete'

const offered: Offered[] = [
  { module: '', name: 'account', signature: "account['api_key_id']" },
  { module: '', name: 'account', signature: "account['api_key']" },
  { module: '', name: 'DFF.LOG', signature: 'DFF.LOG(*values)' },
  { module: '', name: 'DFF.STORE.get', signature: "DFF.STORE.get(key, scope='')" },
  { module: '', name: 'DFF.STORE.set', signature: 'DFF.STORE.set(key, value)' },
  { module: 'memseep', name: 'hosts', signature: 'hosts()' },
  { module: 'memseep', name: 'samples', signature: 'samples(host, hours=6)' },
  { module: 'guance_monitor__runner', name: 'Runner', signature: 'Runner(checks)' },
  { module: 'datetime', name: 'datetime.now', signature: 'datetime.now()' },
  { module: 'datetime', name: 'timedelta', signature: 'timedelta(days=0)' },
]
const labels = (line: string, script = line) => complete(line, script, offered)?.choices.map((c) => c.label)
const modules = ['memseep', 'guance_monitor__runner', 'datetime']

describe('what can be written next', () => {
  it.each([
    ['a module', 'from mem', modules],
    ['a module at once', 'import ', modules],
    ['a second module', 'import json, m', modules],
    ['a name of a module', 'from memseep import h', ['hosts', 'samples']],
    ['a second name', 'from memseep import hosts, ', ['hosts', 'samples']],
    ['a name in brackets', 'from memseep import (h', ['hosts', 'samples']],
    ['the first part of a name', 'from datetime import d', ['datetime', 'timedelta']],
    ['of a module that is not there', 'from nothing import h', undefined],
    ['a member of what needs no import', 'x = DFF.', ['LOG', 'STORE']],
    ['a member of a member', "DFF.STORE.g", ['get', 'set']],
    ['a member of what was not imported', 'memseep.', undefined],
    ['a member of a value', 'host.name.lo', undefined],
    ['a member of a result', 'hosts().lo', undefined],
    ['nothing yet', 'x = ', undefined],
    ['a name', 'acc', ['account', 'DFF']],
  ])('%s', (_, line, want) => expect(labels(line)).toEqual(want))

  it('a member of an imported module, also by another name', () => {
    expect(labels('for h in memseep.ho', 'import memseep\nfor h in memseep.ho')).toEqual(['hosts', 'samples'])
    expect(labels('m.', 'import memseep as m\nm.')).toEqual(['hosts', 'samples'])
    expect(labels('d.datetime.', 'import datetime as d\nd.datetime.')).toEqual(['now'])
  })

  it('a member of an imported name', () => expect(labels('d.', 'from datetime import datetime as d\nd.')).toEqual(['now']))

  it('what was imported, with what it takes', () => {
    const found = complete('    R', 'from guance_monitor__runner import Runner as R\n    R', offered)
    expect(found?.from).toBe(4)
    expect(found?.choices[0]).toMatchObject({ label: 'R', kind: 'function', detail: '(checks)' })
  })

  it('what a member takes', () => expect(complete('DFF.STORE.', '', offered)?.choices[0]).toMatchObject({ label: 'get', kind: 'function', detail: "(key, scope='')" }))

  it('stands in place of what is there of it, in any writing', () => expect(complete('x = hosts + 内', '', [{ module: '', name: '内存' }])).toMatchObject({ from: 12 }))
})

describe('imports', () => {
  it('are read with their other names, one or several', () => {
    const { modules, names } = imports('import a, b as c\nfrom d import e as f, g\nimport h\n')
    expect([...modules]).toEqual([['a', 'a'], ['c', 'b'], ['h', 'h']])
    expect([...names]).toEqual([['f', { module: 'd', name: 'e' }], ['g', { module: 'd', name: 'g' }]])
  })
})
