import { bytes, percent } from './format'

type Unit = 'percent' | 'bytes'

/** growth writes a slope in its unit an hour: +0.41 %/h, +120 MiB/h. */
export function growth(perHour: number | null | undefined, unit: Unit | ''): string {
  if (perHour === null || perHour === undefined || unit === '' || !Number.isFinite(perHour)) return '–'
  const sign = perHour > 0 ? '+' : ''
  return `${sign}${unit === 'bytes' ? bytes(perHour) : percent(perHour, Math.abs(perHour) < 1 ? 2 : 1)}/h`
}

/** level writes a value in its unit. */
export const level = (value: number | null | undefined, unit: Unit) => (unit === 'bytes' ? bytes(value) : percent(value))
