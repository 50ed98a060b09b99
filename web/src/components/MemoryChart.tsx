import 'uplot/dist/uPlot.min.css'
import { Box, useComputedColorScheme, useMantineTheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { columns, type Curve, type Trend } from '@/lib/curve'
import { bytes, percent } from '@/lib/format'

export type MemoryChartProps = {
  curve: Curve
  unit: 'percent' | 'bytes'
  label: string // what it shows, for a screen reader
  floor?: Curve
  trend?: Trend
  limit?: number // in the unit
  height?: number
}

const mostAhead = 6 * 3600 // s of forecast that is drawn

/** MemoryChart draws what was measured, its floor, the fitted growth from its onset, and the forecast with its band up to the limit. */
export function MemoryChart({ curve, unit, label, floor, trend, limit, height = 280 }: MemoryChartProps) {
  const { t } = useTranslation()
  const { ref, width } = useElementSize()
  const plot = useRef<HTMLDivElement>(null)
  const theme = useMantineTheme()
  const dark = useComputedColorScheme('light') === 'dark'
  const data = useMemo(() => columns(curve, floor, trend, trend ? mostAhead : 0, limit), [curve, floor, trend, limit])

  useEffect(() => {
    if (!plot.current || width === 0) return
    const text = dark ? theme.colors.dark[0] : theme.colors.gray[7]
    const grid = { stroke: dark ? theme.colors.dark[5] : theme.colors.gray[2], width: 1 }
    const write = (v: number | null) => (unit === 'bytes' ? bytes(v) : percent(v))
    const sea = theme.colors.sea![dark ? 4 : 7]!
    const red = theme.colors.red[dark ? 5 : 8]
    const gray = dark ? theme.colors.dark[2] : theme.colors.gray[6]
    const forecast = dark ? '#ff6b6b33' : '#e0313126'
    const line = (name: string, stroke: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
      label: name,
      stroke,
      value: (_, v) => write(v),
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
          { stroke: text, grid, ticks: grid },
          { stroke: text, grid, ticks: grid, size: 76, values: (_, ticks) => ticks.map(write) },
        ],
        bands: [{ series: [4, 5], fill: forecast }],
        series: [
          {},
          line(t('chart.measured'), sea, { width: 1.5 }),
          line(t('chart.floor'), gray, { width: 1.5, dash: [2, 3], spanGaps: true, paths: uPlot.paths.stepped!({ align: 1 }) }),
          line(t('chart.fitted'), red, { width: 2, dash: [8, 4], spanGaps: true }),
          line(t('chart.earliest'), forecast, { width: 1, spanGaps: true }),
          line(t('chart.latest'), forecast, { width: 1, spanGaps: true }),
        ].filter((_, i) => (trend ? true : i < (floor ? 3 : 2))),
        hooks: { draw: [(u) => marks(u, trend?.onset, limit, { onset: t('chart.onset'), limit: t('chart.limit') }, red, text)] },
      },
      [data.times, data.measured, data.floor, data.fitted, data.early, data.late].slice(0, trend ? 6 : floor ? 3 : 2) as uPlot.AlignedData,
      plot.current,
    )
    return () => chart.destroy()
  }, [data, width, height, dark, theme, unit, limit, trend, floor, t])

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

// marks draws the onset as an upright line and the limit as a level one, each with its name.
function marks(u: uPlot, onset: number | undefined, limit: number | undefined, names: { onset: string; limit: string }, red: string, text: string) {
  const { ctx, bbox } = u
  ctx.save()
  ctx.lineWidth = devicePixelRatio
  ctx.font = `${11 * devicePixelRatio}px sans-serif`
  const { min: from, max: to } = u.scales.x!
  if (onset !== undefined && onset >= (from ?? 0) && onset <= (to ?? 0)) {
    const x = u.valToPos(onset, 'x', true)
    ctx.strokeStyle = red
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillStyle = text
    ctx.fillText(names.onset, x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio)
  }
  const highest = u.scales.y!.max ?? 0
  if (limit !== undefined && limit <= highest) {
    const y = u.valToPos(limit, 'y', true)
    ctx.strokeStyle = text
    ctx.setLineDash([])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.fillStyle = text
    ctx.fillText(names.limit, bbox.left + 4 * devicePixelRatio, y + 12 * devicePixelRatio)
  }
  ctx.restore()
}
