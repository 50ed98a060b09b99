// A crontab line as a form has it: for each field the values that are chosen, none for every one.
// What a line says that no choice of values can (a mistake, for one) has no form.

export type Field = 'minute' | 'hour' | 'day' | 'month' | 'weekday'
export type Choice = Record<Field, number[]>

export const fields: Field[] = ['minute', 'hour', 'day', 'month', 'weekday']

const ranges: Record<Field, [least: number, most: number]> = { minute: [0, 59], hour: [0, 23], day: [1, 31], month: [1, 12], weekday: [0, 6] }

const names: Partial<Record<Field, string[]>> = {
  month: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
}

/** valuesOf are all values that a field may have. */
export function valuesOf(field: Field): number[] {
  const [least, most] = ranges[field]
  return Array.from({ length: most - least + 1 }, (_, i) => least + i)
}

/** toChoice reads a line of five fields; undefined where it is no line that a form can show. */
export function toChoice(line: string): Choice | undefined {
  const parts = line.trim().split(/\s+/)
  if (parts.length !== fields.length) return undefined
  const choice = {} as Choice
  for (const [i, field] of fields.entries()) {
    const values = readField(parts[i]!, field)
    if (!values) return undefined
    const every = values.length === valuesOf(field).length
    // All days that are named are another thing than a star: cron takes a day or a weekday, where both are named.
    if (every && (field === 'day' || field === 'weekday') && !/^[*?]$/.test(parts[i]!)) return undefined
    choice[field] = every ? [] : values
  }
  return choice
}

function readField(text: string, field: Field): number[] | undefined {
  const [least, most] = ranges[field]
  const last = field === 'weekday' ? 7 : most // 7 is Sunday as 0 is
  const found = new Set<number>()
  for (const item of text.split(',')) {
    const match = /^(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item)
    if (!match) return undefined
    const step = match[4] === undefined ? 1 : Number(match[4])
    const from = match[1] ? least : readValue(match[2]!, field)
    // A single value with a step goes on to the end: 5/10 is 5, 15, 25 …
    const to = match[1] ? most : match[3] !== undefined ? readValue(match[3], field) : match[4] !== undefined ? most : from
    if (from === undefined || to === undefined || step < 1 || from < least || to > last || from > to) return undefined
    for (let value = from; value <= to; value += step) found.add(field === 'weekday' ? value % 7 : value)
  }
  return [...found].sort((a, b) => a - b)
}

function readValue(text: string, field: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  const named = names[field]?.indexOf(text.toLowerCase()) ?? -1
  return named >= 0 ? named : undefined
}

/** fromChoice writes the line in its shortest form: steps and ranges where the values have them. */
export const fromChoice = (choice: Choice) => fields.map((field) => writeField(choice[field], field)).join(' ')

function writeField(chosen: number[], field: Field): string {
  const values = [...new Set(chosen)].sort((a, b) => a - b)
  const all = valuesOf(field)
  if (values.length === 0 || values.length === all.length) return '*'
  return stepOf(values, all) ?? runs(values)
}

// stepOf is the step whose values these are, from the first of all to the last: */15.
function stepOf(values: number[], all: number[]): string | undefined {
  const step = values[1]! - values[0]!
  if (values.length < 3 || step < 2 || values[0] !== all[0]) return undefined
  const same = all.filter((_, i) => i % step === 0)
  return same.length === values.length && same.every((value, i) => value === values[i]) ? `*/${step}` : undefined
}

function runs(values: number[]): string {
  const parts: [number, number][] = []
  for (const value of values) {
    const last = parts.at(-1)
    if (last && last[1] === value - 1) last[1] = value
    else parts.push([value, value])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`)).join(',')
}
