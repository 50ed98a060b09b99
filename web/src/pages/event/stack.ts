import type { Curve } from '@/lib/curve'

/** stack lays curves over one axis of times: what each has added since its first value, and the sums from the first curve up. What shrank counts
 * as nothing. Of what is killed and grows again each life counts, from its lowest value. */
export function stack(curves: (Curve & { killed?: boolean })[]): { times: number[]; sums: number[][]; own: number[][] } {
  const times = [...new Set(curves.flatMap((c) => c.values.map((_, i) => c.start + i * c.step)))].sort((a, b) => a - b)
  const own = curves.map((c) => {
    const base = c.killed ? Math.min(...c.values.filter((v) => v !== null)) : (c.values.find((v) => v !== null) ?? 0)
    let last = 0
    return times.map((t) => {
      const i = (t - c.start) / c.step
      const v = Number.isInteger(i) ? c.values[i] : undefined
      if (v !== null && v !== undefined) last = Math.max(v - base, 0)
      return last
    })
  })
  const sums: number[][] = []
  own.forEach((line, i) => sums.push(line.map((v, j) => v + (sums[i - 1]?.[j] ?? 0))))
  return { times, sums, own }
}

/** grown is what a curve has added from its first value to its last. */
export function grown(curve: Curve | undefined): number | undefined {
  const known = (curve?.values ?? []).filter((v): v is number => v !== null)
  return known.length < 2 ? undefined : known.at(-1)! - known[0]!
}
