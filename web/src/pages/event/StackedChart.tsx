import 'uplot/dist/uPlot.min.css'
import { Box, useComputedColorScheme, useMantineTheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { roundBytes, timeAxis } from '@/lib/axes'
import { paperWidth, usePrinting } from '@/components/usePrinting'
import type { Curve } from '@/lib/curve'
import { bytes } from '@/lib/format'
import { stack } from './stack'

const hues = ['red', 'sea', 'orange', 'grape', 'lime', 'blue', 'pink', 'teal', 'yellow', 'gray'] as const
const height = 220

/** StackedChart shows how much each workload has added since the beginning of the window, one above the other. */
export function StackedChart({ curves, label }: { curves: { name: string; curve: Curve }[]; label: string }) {
  const { t } = useTranslation()
  const { ref, width: there } = useElementSize()
  const printing = usePrinting()
  const width = printing && there > 0 ? paperWidth : there
  const plot = useRef<HTMLDivElement>(null)
  const theme = useMantineTheme()
  const dark = useComputedColorScheme('light') === 'dark' && !printing
  useEffect(() => {
    if (!plot.current || width === 0) return
    const { times, sums, own } = stack(curves.map((c) => c.curve))
    const text = dark ? theme.colors.dark[0] : theme.colors.gray[7]
    const grid = { stroke: dark ? theme.colors.dark[5] : theme.colors.gray[2], width: 1 }
    const color = (i: number) => theme.colors[hues[i % hues.length]!]![dark ? 5 : 6]!
    // The tallest sum is drawn first, so that each area covers the one behind it.
    const order = curves.map((_, i) => curves.length - 1 - i)
    const chart = new uPlot(
      {
        width,
        height,
        axes: [
          { stroke: text, grid, ticks: grid, ...timeAxis },
          { stroke: text, grid, ticks: grid, size: 76, values: (_, ticks) => ticks.map((v) => bytes(v)), incrs: roundBytes },
        ],
        series: [
          { label: t('chart.time') },
          ...order.map((i) => ({
            label: curves[i]!.name.slice(0, 60),
            stroke: color(i),
            fill: color(i),
            width: 1,
            points: { show: false },
            value: (_: uPlot, __: number | null, ___: number, at: number | null) => bytes(at === null ? null : own[i]![at]),
          })),
        ],
      },
      [times, ...order.map((i) => sums[i]!)] as uPlot.AlignedData,
      plot.current,
    )
    return () => chart.destroy()
  }, [curves, width, dark, theme, t])
  return (
    <Box ref={ref} style={{ minHeight: height + 30 }}>
      <div ref={plot} role="img" aria-label={label} />
    </Box>
  )
}
