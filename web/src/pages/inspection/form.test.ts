import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { fresh, fromInspection, toInput } from './form'

describe('the form of an inspection', () => {
  it('gives back what it was filled with', () => {
    const input: Schemas['InspectionInput'] = {
      name: 'nightly',
      hosts: 'web-*\ndb-1',
      window_seconds: 14_400,
      history_seconds: 86_400,
      schedule: '0 6 * * *',
      time_zone: 'Asia/Shanghai',
      timeout_seconds: 600,
      enabled: false,
      expires_at: '2027-01-01T00:00:00.000Z',
      levels: { critical_hours: 2, error_hours: 12, critical_percent: 97, error_percent: 90 },
      healthy_runs: 4,
      no_data_runs: 5,
      tags: ['prod'],
    }
    const kept = { ...input, id: 'x', origin: 'app', overridden: [], script: false, open_events: 0, created_at: '', updated_at: '' } as unknown as Schemas['Inspection']
    expect(toInput(fromInspection(kept))).toMatchObject(input)
  })

  it('leaves out what is empty', () => {
    const input = toInput({ ...fresh, name: ' leaks ' })
    expect(input.name).toBe('leaks')
    expect([input.hosts, input.source_id, input.levels, input.expires_at]).toEqual([undefined, undefined, undefined, undefined])
  })
})
