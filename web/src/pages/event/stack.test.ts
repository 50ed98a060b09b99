import { describe, expect, it } from 'vitest'
import { grown, stack } from './stack'

describe('stack', () => {
  it('counts from the first value, holds over gaps, and adds up', () => {
    const { times, own, sums } = stack([
      { start: 0, step: 60, values: [100, null, 160] },
      { start: 0, step: 60, values: [null, 50, 70] },
    ])
    expect(times).toEqual([0, 60, 120])
    expect(own).toEqual([[0, 0, 60], [0, 0, 20]])
    expect(sums[1]).toEqual([0, 0, 80])
  })

  it('takes what shrank as nothing', () => expect(stack([{ start: 0, step: 60, values: [100, 40] }]).own).toEqual([[0, 0]]))
  it('counts each life of what is killed and grows again', () =>
    expect(stack([{ start: 0, step: 60, values: [160, null, 100, 130], killed: true }]).own).toEqual([[60, 60, 0, 30]]))
  it('is empty without curves', () => expect(stack([])).toEqual({ times: [], own: [], sums: [] }))
})

describe('grown', () => {
  it.each([
    ['from the first value to the last', [null, 100, 400, 160, null], 60],
    ['less than nothing where it shrank', [100, 40], -60],
    ['not known of one value', [null, 100], undefined],
  ])('is %s', (_, values, want) => expect(grown({ start: 0, step: 60, values })).toBe(want))
  it('is not known without a curve', () => expect(grown(undefined)).toBeUndefined())
})
