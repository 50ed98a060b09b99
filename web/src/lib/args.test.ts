import { describe, expect, it } from 'vitest'
import { readArgs } from './args'

describe('arguments', () => {
  it.each([
    ['', {}],
    ['  \n', {}],
    ['{"limit": 90}', { value: { limit: 90 } }],
    ['[1, "a"]', { value: [1, 'a'] }],
    ['{limit: 90}', { problem: 'syntax' }],
    ['90', { problem: 'shape' }],
    ['null', { problem: 'shape' }],
  ])('%j', (text, want) => expect(readArgs(text)).toEqual(want))
})
