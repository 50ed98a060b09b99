import { useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { roundBytes } from '@/lib/axes'
import { columns, heights, lookAhead, type Curve, type Trend } from '@/lib/curve'
import { minute, bytes, percent } from '@/lib/format'
import { Chart, useInk, type Line } from './Chart'
import { across, upright } from './chartMarks'
import type { Level } from './LevelBadge'
import { useLanguage } from './useLanguage'
import { usePrinting } from './usePrinting'

export type MemoryChartProps = {
  curve: Curve
  unit: 'percent' | 'bytes'
  label: string // what it shows, for a screen reader
  floor?: Curve
  trend?: Trend
  limit?: number // in the unit
  marks?: { at: number; level: Level }[] // events, by unix seconds
  height?: number
}

/** MemoryChart draws what was measured, its floor, the fitted growth from its onset, and the forecast with its band up to the limit. */
export function MemoryChart({ curve, unit, label, floor, trend, limit, marks, height = 280 }: MemoryChartProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const printing = usePrinting()
  const ink = useInk()
  const all = useMemo(() => columns(curve, floor, trend, lookAhead(trend), limit), [curve, floor, trend, limit])
  const data = useMemo(
    () => [all.times, all.measured, all.floor, all.fitted, all.early, all.late].slice(0, trend ? 6 : floor ? 3 : 2) as uPlot.AlignedData,
    [all, trend, floor],
  )
  const inUnit = unit === 'bytes' ? bytes : percent
  const colors = useMemo(
    () => ({
      measured: ink.of('sea', 4, 7),
      floor: ink.dark ? ink.of('dark', 2, 2) : ink.of('gray', 6, 6),
      fitted: ink.of('red', 5, 8),
      forecast: ink.dark ? '#ff6b6b33' : '#e0313126',
    }),
    [ink],
  )

  const lines = useMemo<Line[]>(() => {
    const known = (values: (number | null)[]) => (at: number) => (values[at] === null || values[at] === undefined ? undefined : inUnit(values[at]))
    const band = (at: number) => {
      const [late, early] = [all.late[at], all.early[at]]
      return late === null || late === undefined || early === null || early === undefined ? undefined : `${inUnit(late)} – ${inUnit(early)}`
    }
    return [
      { name: t('chart.measured'), color: colors.measured, stroke: 'solid', said: known(all.measured) },
      ...(floor ? [{ name: t('chart.floor'), color: colors.floor, stroke: 'dotted', said: known(all.floor) } as const] : []),
      ...(trend
        ? ([
            { name: t('chart.fitted'), color: colors.fitted, stroke: 'dashed', said: known(all.fitted) },
            { name: t('chart.forecast'), color: colors.forecast, stroke: 'area', said: band },
          ] as const)
        : []),
      ...(marks && marks.length > 0 ? [{ name: t('chart.event'), color: ink.text!, stroke: 'upright' } as const] : []),
    ]
  }, [all, colors, floor, trend, marks, inUnit, ink, t])

  // What is marked is drawn over the lines each time; that it changed is no reason to begin anew.
  const marked = useRef({ limit, onset: trend?.onset, killed: trend?.life?.until, marks, all })
  useLayoutEffect(() => {
    marked.current = { limit, onset: trend?.onset, killed: trend?.life?.until, marks, all }
  }, [limit, trend, marks, all])
  const [grows, floored] = [trend !== undefined, floor !== undefined]
  const options = useMemo(() => {
    const line = (stroke: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({ stroke, points: { show: false }, ...more })
    const written = { text: ink.text!, paper: ink.paper! }
    return {
      scales: { x: { time: true }, y: { range: () => heights(marked.current.all, unit, marked.current.limit) } },
      valueAxis: { size: 76, values: (_, ticks) => ticks.map((v) => inUnit(v)), incrs: unit === 'bytes' ? roundBytes : undefined } as uPlot.Axis,
      bands: grows ? [{ series: [4, 5] as [number, number], fill: colors.forecast }] : [],
      series: [
        {},
        line(colors.measured, { width: 1.5 }),
        line(colors.floor, { width: 1.5, dash: [2, 3], spanGaps: true, paths: uPlot.paths.stepped!({ align: 1 }) }),
        line(colors.fitted, { width: 2, dash: [8, 4], spanGaps: true }),
        line(colors.forecast, { width: 1, spanGaps: true }),
        line(colors.forecast, { width: 1, spanGaps: true }),
      ].slice(0, grows ? 6 : floored ? 3 : 2),
      hooks: {
        draw: [
          (u: uPlot) => {
            const m = marked.current
            m.marks?.forEach((mark) => upright(u, mark.at, ink.of(hue[mark.level], 5, 7), written, ''))
            if (m.limit !== undefined) across(u, m.limit, written, `${t('chart.limit')} ${inUnit(m.limit)}`)
            if (m.killed !== undefined && m.killed >= m.all.times[0]!) upright(u, m.killed, colors.fitted, written, t('chart.killed'), 2)
            if (m.onset !== undefined) upright(u, m.onset, colors.fitted, written, onsetName(u, m.onset, t('chart.onset'), language), 1)
          },
        ],
      },
    }
  }, [unit, grows, floored, colors, ink, inUnit, language, t])

  return <Chart label={label} height={printing ? Math.min(height, 220) : height} data={data} options={options} lines={lines} /> // what is known and the curve are one page of paper
}

// An onset that is out of sight is named with its time.
function onsetName(u: uPlot, onset: number, name: string, language: 'en' | 'zh'): string {
  const { min, max } = u.scales.x!
  return onset < (min ?? 0) || onset > (max ?? 0) ? `${name} ${minute(new Date(onset * 1000), language)}` : name
}

const hue: Record<Level, string> = { critical: 'red', error: 'orange', warning: 'yellow', info: 'blue', ok: 'teal' }
