// A crontab line that comes at one time of some days of the week, as a form has it.

export type Weekly = { days: number[]; at: string } // days from 0, Sunday; none is every day; at HH:MM

/** toWeekly reads a line; undefined where it says more than days of the week and a time. */
export function toWeekly(line: string): Weekly | undefined {
  const match = /^(\d{1,2}) (\d{1,2}) \* \* (\S+)$/.exec(line.trim().replace(/\s+/g, ' '))
  if (!match) return undefined
  const [minute, hour, days] = [Number(match[1]), Number(match[2]), daysOf(match[3]!)]
  if (minute > 59 || hour > 23 || !days) return undefined
  return { days, at: `${two(hour)}:${two(minute)}` }
}

/** fromWeekly writes the line. */
export function fromWeekly({ days, at }: Weekly): string {
  const [hour = '0', minute = '0'] = at.split(':')
  const named = [...new Set(days)].sort((a, b) => a - b)
  const part = named.length === 0 || named.length === 7 ? '*' : named.join() === '1,2,3,4,5' ? '1-5' : named.join()
  return `${Number(minute)} ${Number(hour)} * * ${part}`
}

function daysOf(part: string): number[] | undefined {
  if (part === '*') return []
  const days = new Set<number>()
  for (const item of part.split(',')) {
    const match = /^([0-6])(?:-([0-6]))?$/.exec(item)
    if (!match) return undefined
    const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])]
    if (from > to) return undefined
    for (let day = from; day <= to; day++) days.add(day)
  }
  return days.size === 7 ? [] : [...days].sort((a, b) => a - b)
}

const two = (n: number) => String(n).padStart(2, '0')
