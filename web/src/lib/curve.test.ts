import { describe, expect, it } from 'vitest'
import { columns, floorOf, heights } from './curve'

const measured = { start: 0, step: 60, values: [50, null, 52] }

describe('columns', () => {
  it('keeps gaps as gaps', () => expect(columns(measured, undefined, undefined, 0).measured).toEqual([50, null, 52]))

  it('draws the fitted line through the level of the verdict, from the onset on', () => {
    const c = columns(measured, undefined, { onset: 60, at: 120, value: 52, slope: 60, low: 30, high: 90 }, 240)
    const at = (t: number) => c.fitted[c.times.indexOf(t)]
    expect(at(0)).toBeNull()
    expect(at(60)).toBeCloseTo(51)
    expect(at(120)).toBeCloseTo(52)
    expect(at(360)).toBeCloseTo(56)
  })

  it('draws the fitted line from the start of the window where the onset lies before it', () => {
    const c = columns(measured, undefined, { onset: -86_400, at: 120, value: 52, slope: 60, low: 30, high: 90 }, 240)
    expect(c.times[0]).toBe(0)
    expect(c.fitted[0]).toBeCloseTo(50)
  })

  it('ends the forecast at the limit', () => {
    const c = columns(measured, undefined, { onset: 0, at: 120, value: 52, slope: 6000, low: 3000, high: 9000 }, 7200, 100)
    expect(Math.max(...c.fitted.map((v) => v ?? 0), ...c.early.map((v) => v ?? 0))).toBe(100)
  })

  it('forecasts no less than nothing', () => {
    const c = columns(measured, undefined, { onset: 0, at: 120, value: 52, slope: 60, low: -6000, high: 6000 }, 7200, 100)
    expect(Math.min(...c.late.map((v) => v ?? 0))).toBe(0)
  })

  it('draws one life of what is killed again and again, up to its next kill', () => {
    const c = columns(measured, undefined, { onset: -86_400, at: 120, value: 52, slope: 60, low: 30, high: 90, life: { since: 60, until: 360, peak: 55 } }, 600, 100)
    const at = (t: number) => c.fitted[c.times.indexOf(t)]
    expect(at(0)).toBeNull()
    expect(at(60)).toBeCloseTo(51)
    expect(at(360)).toBeCloseTo(55)
    expect(c.fitted.at(-1)).toBeNull()
    expect(c.early.at(-1)).toBeNull()
  })

  it('opens the band at the verdict', () => {
    const c = columns(measured, undefined, { onset: 0, at: 120, value: 52, slope: 60, low: 30, high: 90 }, 240)
    const last = c.times.length - 1
    expect(c.early[last]!).toBeGreaterThan(c.late[last]!)
    expect(c.early[c.times.indexOf(60)]).toBeNull()
  })
})

describe('heights', () => {
  const lines = (measured: number[], early: number[] = [], late: number[] = []) => ({ measured, floor: [], fitted: [], early, late })

  it.each([
    ['does not blow up a flat line', heights(lines([50, 50.1]), 'percent', 100), [48, 52.1]],
    ['leaves out a limit that is far', heights(lines([10, 20]), 'percent', 100), [8, 22]],
    ['takes in a limit that is near', heights(lines([80, 90]), 'percent', 100), [78, 101]],
    ['gives an uncertain forecast half as much again as the lines', heights(lines([10, 20], [20, 90], [20, 0]), 'percent', 100), [3, 27]],
    ['shows all of a forecast that is sure', heights(lines([10, 20], [20, 23]), 'percent', 100), [8, 25]],
    ['shows all where nothing is known', heights(lines([]), 'percent', 100), [0, 100]],
    ['begins at nothing', heights(lines([1, 90]), 'percent'), [0, 98.9]],
  ])('%s', (_, [low, high], want) => {
    expect(low).toBeCloseTo(want[0]!)
    expect(high).toBeCloseTo(want[1]!)
  })
})

describe('floorOf', () => {
  it('is the lowest of each span, and a gap where nothing was measured', () =>
    expect(floorOf({ start: 0, step: 300, values: [5, 3, 4, null, null, null, 7] })).toEqual({
      start: 0,
      step: 900,
      values: [3, null, 7],
    }))
})
