// How numbers and times are written for a person. Pure: the language and the clock are arguments.

export type Language = 'en' | 'zh'

const locale = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en-GB')

/** bytes writes a size with binary units and three digits: 1.23 GiB. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let unit = 0
  let size = Math.abs(value)
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2
  return `${value < 0 ? '−' : ''}${size.toFixed(digits)} ${units[unit]}`
}

/** percent writes a value that is a percentage already: 92.4 %. */
export function percent(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  return `${value.toFixed(digits).replace('-', '−')} %`
}

/** whole writes a count in groups of three, in both languages alike: 12,345. */
export const whole = (value: number) => grouped.format(value)

/** share writes a part of one as a whole percentage. */
export const share = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : percent(100 * value, 0)

const steps: [number, { en: string; zh: string }][] = [
  [86_400, { en: 'd', zh: ' 天' }],
  [3_600, { en: 'h', zh: ' 小时' }],
  [60, { en: 'min', zh: ' 分钟' }],
  [1, { en: 's', zh: ' 秒' }],
]

/** duration writes seconds in its two largest units: 2 d 4 h; 2 天 4 小时. */
export function duration(seconds: number | null | undefined, language: Language): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–'
  if (Math.abs(seconds) < 9.95 && !Number.isInteger(seconds)) return `${Math.abs(seconds).toFixed(1)}${language === 'zh' ? ' 秒' : ' s'}`
  let rest = Math.round(Math.abs(seconds))
  const parts: string[] = []
  for (const [size, name] of steps) {
    const count = Math.floor(rest / size)
    if (count > 0 || (size === 1 && parts.length === 0)) {
      parts.push(`${count}${language === 'zh' ? name.zh : ` ${name.en}`}`)
      rest -= count * size
    } else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.join(' ')
}

/** until writes how long it is from now to a time, a minute at least. */
export const until = (time: Date, now: Date, language: Language): string => duration(Math.max((time.getTime() - now.getTime()) / 1000, 60), language)

/** ago writes how long before now a time was, or how long after it will be. */
export function ago(time: Date, now: Date, language: Language): string {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  const write = (value: number, unit: Intl.RelativeTimeFormatUnit) => relative[language].format(value, unit).replace(/(\d)(?=\p{Script=Han})/u, '$1 ')
  if (size < 45) return write(0, 'second')
  if (size < 45 * 60) return write(Math.round(seconds / 60), 'minute')
  if (size < 36 * 3600) return write(Math.round(seconds / 3600), 'hour')
  return write(Math.round(seconds / 86_400), 'day')
}

/** absolute writes a time in the reader's zone, or in another, with the zone: 1 Feb 2026, 09:30:00 UTC; 2026-02-01 09:30:00 UTC. */
export const absolute = (time: Date, language: Language, zone?: string): string => written(zone === undefined ? moment[language] : moments(zone)[language], time, language)

/** minute writes a time as absolute does, but for the seconds: of what is reckoned they would say too much. */
export const minute = (time: Date, language: Language, zone?: string): string => written(zone === undefined ? minuteOf[language] : minutes(zone)[language], time, language)

/** inZone writes a time as the clock of a zone shows it, UTC where it is empty, with the weekday and the zone. */
export const inZone = (time: Date, zone: string, language: Language): string =>
  written(dated(language, { timeZone: zone || 'UTC', weekday: 'short', hour: '2-digit', minute: '2-digit' }), time, language)

// The month has a name in English, where 01/02 is read in two ways; Chinese has the order of ISO 8601, and the zone at the end.
const dated = (language: Language, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(language), {
    year: 'numeric',
    month: language === 'zh' ? '2-digit' : 'short',
    day: language === 'zh' ? '2-digit' : 'numeric',
    hourCycle: 'h23',
    timeZoneName: 'short',
    ...options,
  })

function written(format: Intl.DateTimeFormat, time: Date, language: Language): string {
  if (language === 'en') return format.format(time)
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]))
  const clock = [part.hour, part.minute, part.second].filter(Boolean).join(':')
  return [`${part.year}-${part.month}-${part.day}`, part.weekday, clock, part.timeZoneName].filter(Boolean).join(' ')
}

// Made once: to make one takes longer than to draw a row.
const each = <T>(make: (language: Language) => T): Record<Language, T> => ({ en: make('en'), zh: make('zh') })
const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const relative = each((language) => new Intl.RelativeTimeFormat(locale(language), { numeric: 'auto', style: 'short' }))
const moments = (timeZone?: string) => each((language) => dated(language, { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' }))
const moment = moments()
const minutes = (timeZone?: string) => each((language) => dated(language, { timeZone, hour: '2-digit', minute: '2-digit' }))
const minuteOf = minutes()
