import { describe, expect, it } from 'vitest'
import { readValue, writeValue, type Kind } from './value'

describe('a value of a form', () => {
  it.each<[Kind, string, unknown]>([
    ['string', ' as it is ', { value: ' as it is ' }],
    ['string', '', { value: '' }],
    ['secret', 'hush', { value: 'hush' }],
    ['secret', '', {}], // keeps what is there
    ['secret', 'abc', { problem: 'secret' }],
    ['integer', ' -12 ', { value: -12 }],
    ['integer', '1.5', { problem: 'integer' }],
    ['integer', '', { problem: 'integer' }],
    ['integer', '99999999999999999999', { problem: 'integer' }],
    ['float', '1e-3', { value: 0.001 }],
    ['float', '', { problem: 'float' }],
    ['float', 'Infinity', { problem: 'float' }],
    ['boolean', 'true', { value: true }],
    ['boolean', 'false', { value: false }],
    ['list', 'web-1\n\n web-2 \n', { value: ['web-1', 'web-2'] }],
    ['list', '', { value: [] }],
    ['list', '[1, "a"]', { value: [1, 'a'] }],
    ['list', '[1, ', { problem: 'json' }],
    ['json', '{"a": [1, null]}', { value: { a: [1, null] } }],
    ['json', '{a: 1}', { problem: 'json' }],
  ])('%s %j', (kind, text, want) => expect(readValue(kind, text)).toEqual(want))

  it.each<[Kind, unknown]>([
    ['string', 'x'], ['integer', 7], ['float', 0.5], ['boolean', true], ['list', ['a', 'b']], ['list', [1, 'a']], ['list', [' a', 'b\nc']], ['list', ['[x]', 'y']], ['list', []], ['json', { a: [1, null] }], ['json', null],
  ])('%s %j is read as it was written', (kind, value) => expect(readValue(kind, writeValue(kind, value))).toEqual({ value }))

  it('of a secret is empty: nobody is told', () => expect(writeValue('secret', undefined)).toBe(''))
})
