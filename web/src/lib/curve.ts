// The lines of a memory chart: pure functions from what the API tells to columns that are drawn.

/** Curve is a line of samples at even steps; null is a gap. Times are unix seconds. */
export type Curve = { start: number; step: number; values: (number | null)[] }

/** Trend is how a leak grows: the fitted line from its onset, and the band of its slope. */
export type Trend = {
  onset: number // unix seconds
  at: number // unix seconds of the verdict
  value: number // the level at `at`, in the unit of the curve
  slope: number // in the unit, an hour
  low: number
  high: number
  life?: Life // of a leak that is killed and leaks again
}

/** Life is what goes on of a leak that is killed again and again: it grows from one kill to the next. Times are unix seconds. */
export type Life = { since: number; until: number | undefined; peak: number }

export type Columns = {
  times: number[]
  measured: (number | null)[]
  floor: (number | null)[]
  fitted: (number | null)[]
  early: (number | null)[] // the steep edge of the forecast
  late: (number | null)[]
}

const hour = 3600

/** columns lays the lines over one axis of times; the forecast reaches `ahead` seconds beyond the end. */
export function columns(measured: Curve, floor: Curve | undefined, trend: Trend | undefined, ahead: number, limit?: number): Columns {
  const end = measured.start + (measured.values.length - 1) * measured.step
  const times = new Set<number>(measured.values.map((_, i) => measured.start + i * measured.step))
  floor?.values.forEach((_, i) => times.add(floor.start + i * floor.step))
  if (trend) {
    if (trend.onset > measured.start) times.add(trend.onset) // an onset before the window does not stretch it
    times.add(trend.at)
    if (trend.life?.until !== undefined && trend.life.until > end) times.add(trend.life.until)
    for (let i = 1; i <= 24; i++) times.add(Math.round(end + (i * ahead) / 24))
  }
  const axis = [...times].sort((a, b) => a - b)
  const at = (curve: Curve | undefined) => {
    const values = new Map<number, number | null>()
    curve?.values.forEach((v, i) => values.set(curve.start + i * curve.step, v))
    return axis.map((t) => values.get(t) ?? null)
  }
  const { since = trend?.onset ?? 0, until = Infinity, peak = limit } = trend?.life ?? {}
  const bounded = (v: number) => Math.max(0, peak !== undefined && v > peak ? peak : v)
  const line = (slope: number, from: number) =>
    axis.map((t) => (trend && t >= from && t <= Math.max(until, trend.at) ? bounded(trend.value + (slope * (t - trend.at)) / hour) : null))
  return {
    times: axis,
    measured: at(measured),
    floor: at(floor),
    fitted: trend ? line(trend.slope, since) : axis.map(() => null),
    early: trend ? line(trend.high, trend.at) : axis.map(() => null),
    late: trend ? line(trend.low, trend.at) : axis.map(() => null),
  }
}

/** heights are the lowest and the highest value that a chart shows. A flat line is not blown up into mountains, the limit is
 * in sight where the lines come near it, and an uncertain forecast takes half as much again as they do, not more. */
export function heights(c: Pick<Columns, 'measured' | 'floor' | 'fitted' | 'early' | 'late'>, unit: 'percent' | 'bytes', limit?: number): [number, number] {
  const known = [...c.measured, ...c.floor, ...c.fitted].filter((v): v is number => v !== null)
  if (known.length === 0) return unit === 'percent' ? [0, 100] : [0, 1]
  const [low, high] = extent(known)
  const least = unit === 'percent' ? 4 : Math.max(high * 0.04, 1)
  const room = Math.max((high - low) * 0.1, least / 2)
  const band = [...c.early, ...c.late].filter((v): v is number => v !== null)
  const [under, over] = band.length === 0 ? [low, high] : extent(band)
  const beyond = (high - low) / 2
  const bottom = Math.min(low, Math.max(under, low - beyond))
  const top = Math.max(high, Math.min(over, high + beyond))
  return [Math.max(0, bottom - room), limit !== undefined && high > 0.85 * limit ? Math.max(limit * 1.01, high) : Math.min(top + room, unit === 'percent' ? 101 : Infinity)]
}

function extent(values: number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const v of values) {
    if (v < low) low = v
    if (v > high) high = v
  }
  return [low, high]
}

/** floorOf is the lowest value of each span of seconds: what is left when caches are collected. */
export function floorOf(curve: Curve, span = 900): Curve {
  const size = Math.max(1, Math.round(span / curve.step))
  const values: (number | null)[] = []
  for (let i = 0; i < curve.values.length; i += size) {
    const part = curve.values.slice(i, i + size).filter((v): v is number => v !== null)
    values.push(part.length > 0 ? Math.min(...part) : null)
  }
  return { start: curve.start, step: size * curve.step, values }
}

/** lookAhead is how many seconds of forecast are drawn beyond the end of a curve: those of a life to a little after its end. */
export function lookAhead(trend: Trend | undefined): number {
  if (!trend) return 0
  const until = trend.life?.until
  return trend.life ? Math.min(mostAhead, Math.max(((until ?? trend.at) - trend.at) * 1.25, 900)) : mostAhead
}

const mostAhead = 6 * hour
