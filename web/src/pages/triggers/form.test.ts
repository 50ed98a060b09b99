import { describe, expect, it } from 'vitest'
import type { Trigger } from '@/api/triggers'
import { dedent, fresh, fromTrigger, toInput } from './form'

describe('the form of a trigger', () => {
  it('gives back what it was filled with', () => {
    const input = {
      script_id: 'S',
      function: 'run',
      args: { configs: 'web-*' },
      schedule: '*/20 6 * * 1-5',
      time_zone: 'Asia/Shanghai',
      timeout_seconds: 60,
      enabled: false,
      expires_at: '2027-01-01T00:00:00.000Z',
      note: 'nightly',
      tags: ['prod'],
      keep: 20,
    }
    expect(toInput(fromTrigger({ ...input, id: 'x', script: 'own__s', title: '', fixed: false } as unknown as Trigger))).toEqual(input)
  })

  it('leaves out what is empty', () =>
    expect(toInput({ ...fresh, script_id: 'S', function: 'run' })).toMatchObject({ args: undefined, note: undefined, tags: undefined, expires_at: undefined }))
})

describe('a docstring', () => {
  it.each([
    ['\n    what it does\n        more\n    ', 'what it does\n    more'],
    ['What it does.\n    More of it.', 'What it does.\nMore of it.'],
    ['one line', 'one line'],
    ['', ''],
  ])('%j is shown as %j', (doc, shown) => expect(dedent(doc)).toBe(shown))
})
