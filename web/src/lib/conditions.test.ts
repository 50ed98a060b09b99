import { describe, expect, it } from 'vitest'
import { parseCondition, writeCondition } from './conditions'

describe('conditions', () => {
  it.each(['namespace:shop', '!namespace:shop', 'culprit:java|node', 'url:http://a:1'])('%s is written as it was read', (text) =>
    expect(writeCondition(parseCondition(text)!)).toBe(text))
  it.each(['', 'nothing', ':x', 'key:', '!', 'key:|'])('%s is none', (text) => expect(parseCondition(text)).toBeUndefined())
})
