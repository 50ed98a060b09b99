import { describe, expect, it } from 'vitest'
import { collectors } from './collectors'

describe('lines for collectors', () => {
  it.each(collectors.map((c) => [c.name, c] as const))('%s gets the address and the key', (_, collector) => {
    const lines = collector.lines('https://memseep.example.com', 'id1:secret2', 'tkn_3')
    expect(lines).toContain('https://memseep.example.com')
    expect(lines.includes('secret2') || lines.includes('tkn_3')).toBe(true)
  })
})
