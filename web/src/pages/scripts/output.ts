// What a run prints, as much of it as a page can show.

export type Printed = { at: string; text: string }
export type Output = { lines: Printed[]; dropped: number }

const most = 2_000 // lines

export const silent: Output = { lines: [], dropped: 0 }

/** print adds lines; the oldest go where there are more than can be shown. */
export function print(output: Output, added: Printed[]): Output {
  const lines = [...output.lines, ...added]
  const over = Math.max(lines.length - most, 0)
  return { lines: over > 0 ? lines.slice(over) : lines, dropped: output.dropped + over }
}

/** since is how long after the first line another was printed: +1.204 s. */
export function since(first: string | undefined, at: string): string {
  const gone = (Date.parse(at) - Date.parse(first ?? at)) / 1000
  return `+${Math.max(gone, 0).toFixed(3)} s`
}
