import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { fromPolicy, toPolicy } from './policy'

const input: Schemas['PolicyInput'] = {
  name: 'night',
  is_default: false,
  rules: [
    {
      name: 'databases',
      levels: ['critical'],
      targets: ['t1'],
      match: { objects: ['db-*'], attributes: [{ key: 'namespace', values: ['shop', 'pay'], not: true }], inspections: ['i1'] },
      times: [
        { cron: '0 22 * * *', for_seconds: 28_800 },
        { cron: '*/30 1 * * *', for_seconds: 600, to: '2027-06-30T22:00:00Z' },
        { from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' },
        { from: '2027-03-01T00:00:00Z' },
      ],
      escalations: [
        { after_seconds: 1800, unless: 'acknowledged', targets: ['t2'] },
        { after_seconds: 90, unless: 'recovered', targets: ['t1', 't3'] },
      ],
    },
    { levels: [], targets: [], match: { attributes: [] }, times: [{ from: '2027-01-01T00:00:00Z' }], escalations: [] },
  ],
  window_seconds: 45,
  again_seconds: 7200,
  group_by: ['culprit'],
  time_zone: 'Asia/Shanghai',
}
const kept = (p: Schemas['PolicyInput']) => ({ ...p, id: 'x', inspections: [], created_at: '', created_by: '', updated_at: '' }) as Schemas['Policy']

describe('the form of a policy', () => {
  it('gives back what it was filled with', () => expect(toPolicy(fromPolicy(kept(input)))).toEqual(input))

  it('shows dates on the clock of the policy', () => expect(fromPolicy(kept(input)).rules[0]!.times[2]).toMatchObject({ kind: 'dates', from: '2027-01-01T08:00', to: '2027-01-02T08:00' }))

  it('leaves out a condition that nothing was written in', () => {
    const form = fromPolicy(kept(input))
    form.rules[1]!.match.attributes.push({ key: ' ', not: true, values: [] })
    expect(toPolicy(form)).toEqual(input)
  })

  it('takes a policy without a zone for one in UTC', () => expect(fromPolicy(kept({ ...input, time_zone: undefined })).time_zone).toBe('UTC'))
})
