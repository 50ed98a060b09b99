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

/** share writes a part of one as a whole percentage. */
export const share = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : percent(100 * value, 0)

const steps: [number, { en: string; zh: string }][] = [
  [86_400, { en: 'd', zh: ' 天' }],
  [3_600, { en: 'h', zh: ' 小时' }],
  [60, { en: 'min', zh: ' 分' }],
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

/** ago writes how long before now a time was, or how long after it will be. */
export function ago(time: Date, now: Date, language: Language): string {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  const format = relative[language]
  if (size < 45) return format.format(0, 'second')
  if (size < 45 * 60) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 36 * 3600) return format.format(Math.round(seconds / 3600), 'hour')
  return format.format(Math.round(seconds / 86_400), 'day')
}

/** absolute writes a time in the reader's zone, with the zone. */
export function absolute(time: Date, language: Language): string {
  return moment[language].format(time)
}

// Made once: to make one takes longer than to draw a row.
const each = <T>(make: (locale: string) => T): Record<Language, T> => ({ en: make(locale('en')), zh: make(locale('zh')) })
const relative = each((name) => new Intl.RelativeTimeFormat(name, { numeric: 'auto', style: 'short' }))
const moment = each(
  (name) =>
    new Intl.DateTimeFormat(name, {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hour12: false,
      timeZoneName: 'short',
    }),
)

/** inZone writes a time as the clock of a zone shows it, UTC where it is empty, with the weekday and the zone. */
export function inZone(time: Date, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(locale(language), {
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: zone || 'UTC',
    timeZoneName: 'short',
  }).format(time)
}
