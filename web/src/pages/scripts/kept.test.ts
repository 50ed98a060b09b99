import { beforeEach, describe, expect, it } from 'vitest'
import { begin, forget, keep, kept } from './kept'

const at = '2026-01-31T12:00:00Z'

describe('what was typed and not saved', () => {
  beforeEach(() => localStorage.clear())

  it('is there again, for its script and workspace alone', () => {
    keep(localStorage, 'w', 's', { version: '"3"', text: 'x = 1', at })
    expect(kept(localStorage, 'w', 's')).toEqual({ version: '"3"', text: 'x = 1', at })
    expect(kept(localStorage, 'w', 'other')).toBeUndefined()
    expect(kept(localStorage, 'other', 's')).toBeUndefined()
    forget(localStorage, 'w', 's')
    expect(kept(localStorage, 'w', 's')).toBeUndefined()
  })

  it('may not fit, and is not what somebody else wrote', () => {
    const full = { getItem: () => '{"text":7', removeItem: () => undefined, setItem: () => { throw new Error('full') } }
    expect(keep(full, 'w', 's', { version: '', text: '', at })).toBe(false)
    expect(kept(full, 'w', 's')).toBeUndefined()
  })
})

describe('the editor opens with', () => {
  const server = { draft: 'theirs', version: '"4"' }
  it('what the server has', () => expect(begin(server, undefined)).toEqual({ text: 'theirs', version: '"4"', conflict: false }))
  it('what the server has, where the copy is the same', () => expect(begin(server, { version: '"2"', text: 'theirs', at })).toEqual({ text: 'theirs', version: '"4"', conflict: false }))
  it('what was typed on this version', () => expect(begin(server, { version: '"4"', text: 'mine', at })).toEqual({ text: 'mine', version: '"4"', restored: at, conflict: false }))
  it('what was typed on an older one, which is a conflict', () => expect(begin(server, { version: '"3"', text: 'mine', at })).toEqual({ text: 'mine', version: '"3"', restored: at, conflict: true }))
})
