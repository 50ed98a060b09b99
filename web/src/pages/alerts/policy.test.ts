import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { fromPolicy, toPolicy } from './policy'

describe('the form of a policy', () => {
  it('gives back what it was filled with, also what it does not show', () => {
    const input: Schemas['PolicyInput'] = {
      name: 'night',
      is_default: false,
      rules: [
        {
          name: 'databases',
          levels: ['critical'],
          targets: ['t1'],
          match: { objects: ['db-*'], attributes: [{ key: 'namespace', values: ['shop'], not: true }], inspections: ['i1'] },
          times: [{ cron: '0 22 * * *', for_seconds: 28_800 }, { from: '2027-01-01T00:00:00Z' }],
          escalations: [{ after_seconds: 1800, unless: 'acknowledged', targets: ['t2'] }],
        },
      ],
      window_seconds: 300,
      again_seconds: 7200,
      group_by: ['culprit'],
      time_zone: 'Asia/Shanghai',
    }
    const kept = { ...input, id: 'x', inspections: [], created_at: '', created_by: '', updated_at: '' } as Schemas['Policy']
    expect(toPolicy(fromPolicy(kept))).toEqual({ ...input, description: undefined })
  })
})
