import 'uplot/dist/uPlot.min.css'
import { Box, useComputedColorScheme, useMantineTheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { roundBytes, timeAxis } from '@/lib/axes'
import { columns, type Curve, type Trend } from '@/lib/curve'
import { bytes, percent } from '@/lib/format'
import type { Level } from './LevelBadge'
import { paperWidth, usePrinting } from './usePrinting'

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

const mostAhead = 6 * 3600 // s of forecast that is drawn

/** MemoryChart draws what was measured, its floor, the fitted growth from its onset, and the forecast with its band up to the limit. */
export function MemoryChart({ curve, unit, label, floor, trend, limit, marks, height: wanted = 280 }: MemoryChartProps) {
  const { t } = useTranslation()
  const { ref, width: there } = useElementSize()
  const printing = usePrinting()
  const height = printing ? Math.min(wanted, 220) : wanted // what is known and the curve are one page
  const width = printing && there > 0 ? paperWidth : there
  const plot = useRef<HTMLDivElement>(null)
  const theme = useMantineTheme()
  const dark = useComputedColorScheme('light') === 'dark' && !printing
  const data = useMemo(() => columns(curve, floor, trend, trend ? mostAhead : 0, limit), [curve, floor, trend, limit])

  useEffect(() => {
    if (!plot.current || width === 0) return
    const text = dark ? theme.colors.dark[0] : theme.colors.gray[7]
    const grid = { stroke: dark ? theme.colors.dark[5] : theme.colors.gray[2], width: 1 }
    const inUnit = (v: number | null) => (unit === 'bytes' ? bytes(v) : percent(v))
    const sea = theme.colors.sea![dark ? 4 : 7]!
    const red = theme.colors.red[dark ? 5 : 8]
    const gray = dark ? theme.colors.dark[2] : theme.colors.gray[6]
    const forecast = dark ? '#ff6b6b33' : '#e0313126'
    const line = (name: string, stroke: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
      label: name,
      stroke,
      value: (_, v) => inUnit(v),
      points: { show: false },
      ...more,
    })
    const chart = new uPlot(
      {
        width,
        height,
        cursor: { drag: { x: true, y: false } },
        scales: { x: { time: true }, y: { range: (_, low, high) => range(low, high, unit, limit) } },
        axes: [
          { stroke: text, grid, ticks: grid, ...timeAxis },
          { stroke: text, grid, ticks: grid, size: 76, values: (_, ticks) => ticks.map(inUnit), incrs: unit === 'bytes' ? roundBytes : undefined },
        ],
        bands: [{ series: [4, 5], fill: forecast }],
        series: [
          { label: t('chart.time') },
          line(t('chart.measured'), sea, { width: 1.5 }),
          line(t('chart.floor'), gray, { width: 1.5, dash: [2, 3], spanGaps: true, paths: uPlot.paths.stepped!({ align: 1 }) }),
          line(t('chart.fitted'), red, { width: 2, dash: [8, 4], spanGaps: true }),
          line(t('chart.earliest'), forecast, { width: 1, spanGaps: true }),
          line(t('chart.latest'), forecast, { width: 1, spanGaps: true }),
        ].filter((_, i) => (trend ? true : i < (floor ? 3 : 2))),
        hooks: {
          draw: [
            (u) => {
              if (trend) upright(u, trend.onset, red!, text!, t('chart.onset'))
              if (limit !== undefined) across(u, limit, text!, t('chart.limit'))
              marks?.forEach((mark) => upright(u, mark.at, theme.colors[hue[mark.level]]![dark ? 5 : 7]!, text!, ''))
            },
          ],
        },
      },
      [data.times, data.measured, data.floor, data.fitted, data.early, data.late].slice(0, trend ? 6 : floor ? 3 : 2) as uPlot.AlignedData,
      plot.current,
    )
    return () => chart.destroy()
  }, [data, width, height, dark, theme, unit, limit, trend, floor, marks, t])

  return (
    <Box ref={ref} style={{ minHeight: height + 30 }}>
      <div ref={plot} role="img" aria-label={label} />
    </Box>
  )
}

// The limit is in sight where the curve comes near it; a flat line is not blown up into mountains.
function range(low: number | null, high: number | null, unit: 'percent' | 'bytes', limit?: number): [number, number] {
  if (low === null || high === null) return unit === 'percent' ? [0, 100] : [0, 1]
  const least = unit === 'percent' ? 4 : Math.max(high * 0.04, 1)
  const room = Math.max((high - low) * 0.1, least / 2)
  const top = limit !== undefined && high > 0.85 * limit ? Math.max(limit * 1.01, high) : high + room
  return [Math.max(0, low - room), unit === 'percent' ? Math.min(top, 101) : top]
}

const hue: Record<Level, string> = { critical: 'red', error: 'orange', warning: 'yellow', info: 'blue', ok: 'teal' }

// upright marks a time by a line with its name.
function upright(u: uPlot, at: number, stroke: string, text: string, name: string) {
  const { min, max } = u.scales.x!
  if (at > (max ?? 0)) return
  if (at < (min ?? 0)) {
    if (name !== '') write(u, text, `← ${name}`, u.bbox.left, u.bbox.top) // it lies before what is shown
    return
  }
  const x = u.valToPos(at, 'x', true)
  draw(u, stroke, [3, 3], x, u.bbox.top, x, u.bbox.top + u.bbox.height)
  write(u, text, name, x, u.bbox.top)
}

// across marks a value by a line with its name, where it is in sight.
function across(u: uPlot, value: number, stroke: string, name: string) {
  if (value > (u.scales.y!.max ?? 0)) return
  const y = u.valToPos(value, 'y', true)
  draw(u, stroke, [], u.bbox.left, y, u.bbox.left + u.bbox.width, y)
  write(u, stroke, name, u.bbox.left, y)
}

function draw({ ctx }: uPlot, stroke: string, dash: number[], fromX: number, fromY: number, toX: number, toY: number) {
  ctx.save()
  ctx.strokeStyle = stroke
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio))
  ctx.beginPath()
  ctx.moveTo(fromX, fromY)
  ctx.lineTo(toX, toY)
  ctx.stroke()
  ctx.restore()
}

function write({ ctx }: uPlot, fill: string, name: string, x: number, y: number) {
  ctx.save()
  ctx.font = `${11 * devicePixelRatio}px sans-serif`
  ctx.textAlign = 'left' // the axes leave theirs behind
  ctx.textBaseline = 'alphabetic'
  ctx.fillStyle = fill
  ctx.fillText(name, x + 4 * devicePixelRatio, y + 12 * devicePixelRatio)
  ctx.restore()
}
