import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { fromSilence, telling, toSilence } from './silence'

const input: Schemas['SilenceInput'] = {
  name: 'monthly patching',
  match: { objects: ['db-*'], attributes: [{ key: 'namespace', values: ['shop'], not: true }] },
  policies: ['p1'],
  period: { cron: '0 22 * * 5', for_seconds: 21_600, to: '2027-06-30T16:00:00Z' },
  time_zone: 'Asia/Shanghai',
  notice_before_seconds: 3600,
  notice_targets: ['t1'],
}
const kept = (s: Schemas['SilenceInput']) => ({ ...s, id: 'x', state: 'pending', events: 0, created_at: '', created_by: '' }) as Schemas['Silence']

describe('the form of a silence', () => {
  it('gives back what it was filled with', () => expect(toSilence(fromSilence(kept(input)))).toEqual(input))

  it('leaves a silence between dates between them', () => {
    const once = { ...input, period: { from: '2026-12-01T14:00:00Z', to: '2026-12-01T20:00:00Z' } }
    expect(fromSilence(kept(once)).period).toMatchObject({ kind: 'dates', from: '2026-12-01T22:00', to: '2026-12-02T04:00' })
    expect(toSilence(fromSilence(kept(once)))).toEqual(once)
  })

  it('begins now where it is new, and then tells nobody before', () => {
    const form = { ...fromSilence(undefined), name: ' now ', tell: ['t1'] }
    expect(toSilence(form)).toMatchObject({ name: 'now', period: {}, notice_before_seconds: 0, notice_targets: [] })
  })

  it('moves with its zone', () => {
    const form = { ...fromSilence(kept(input)), zone: 'UTC' }
    expect(toSilence(form).period.to).toBe('2027-07-01T00:00:00Z')
  })

  it('tells no target that was deleted since, whatever it still names', () => {
    const form = { ...fromSilence(undefined), tell: ['gone', 'there'] }
    expect(telling(form, [{ id: 'there' }, { id: 'other' }]).tell).toEqual(['there'])
    expect(telling(form, undefined).tell).toEqual(['gone', 'there'])
  })
})
