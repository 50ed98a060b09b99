import { describe, expect, it } from 'vitest'
import { complete, imports, type Offered } from './complete'

const offered: Offered[] = [
  { module: 'memseep', name: 'hosts', signature: 'hosts()' },
  { module: 'memseep', name: 'samples', signature: 'samples(host, hours=6)' },
  { module: 'guance_monitor__runner', name: 'Runner', signature: 'Runner(checks)' },
  { module: 'DFF', name: 'ENV', signature: 'ENV(name, default=None)' },
  { module: 'DFF', name: 'CTX.get', signature: 'CTX.get(key)' },
  { module: '', name: 'account' },
]
const labels = (line: string, script = line) => complete(line, script, offered)?.choices.map((c) => c.label)

describe('what can be written next', () => {
  it.each([
    ['a module', 'from mem', ['memseep', 'guance_monitor__runner', 'DFF']],
    ['a module at once', 'import ', ['memseep', 'guance_monitor__runner', 'DFF']],
    ['a second module', 'import json, m', ['memseep', 'guance_monitor__runner', 'DFF']],
    ['a name of a module', 'from memseep import h', ['hosts', 'samples']],
    ['a second name', 'from memseep import hosts, ', ['hosts', 'samples']],
    ['a name in brackets', 'from memseep import (h', ['hosts', 'samples']],
    ['of a module that is not there', 'from nothing import h', undefined],
    ['a member of what needs no import', 'x = DFF.', ['ENV', 'CTX.get']],
    ['a member of what was not imported', 'memseep.', undefined],
    ['a member of a value', 'host.name.lo', undefined],
    ['nothing yet', 'x = ', undefined],
    ['a name', 'acc', ['account', 'DFF']],
  ])('%s', (_, line, want) => expect(labels(line)).toEqual(want))

  it('a member of an imported module, also by another name', () => {
    expect(labels('for h in memseep.ho', 'import memseep\nfor h in memseep.ho')).toEqual(['hosts', 'samples'])
    expect(labels('m.', 'import memseep as m\nm.')).toEqual(['hosts', 'samples'])
  })

  it('what was imported, with what it takes', () => {
    const found = complete('    R', 'from guance_monitor__runner import Runner as R\n    R', offered)
    expect(found?.from).toBe(4)
    expect(found?.choices[0]).toMatchObject({ label: 'R', kind: 'function', detail: 'Runner(checks)' })
  })

  it('stands in place of what is there of it, in any writing', () => expect(complete('x = hosts + 内', '', [{ module: '', name: '内存' }])).toMatchObject({ from: 12 }))
})

describe('imports', () => {
  it('are read with their other names, one or several', () => {
    const { modules, names } = imports('import a, b as c\nfrom d import e as f, g\nimport h\n')
    expect([...modules]).toEqual([['a', 'a'], ['c', 'b'], ['h', 'h']])
    expect([...names]).toEqual([['f', { module: 'd', name: 'e' }], ['g', { module: 'd', name: 'g' }]])
  })
})
