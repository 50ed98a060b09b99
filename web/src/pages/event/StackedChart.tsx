import { useMemo } from 'react'
import uPlot from 'uplot'
import { Chart, useInk, type Line } from '@/components/Chart'
import { roundBytes } from '@/lib/axes'
import type { Curve } from '@/lib/curve'
import { bytes } from '@/lib/format'
import { stack } from './stack'

const hues = ['red', 'sea', 'orange', 'grape', 'lime', 'blue', 'pink', 'teal', 'yellow', 'gray'] as const
const height = 220

/** StackedChart shows how much each workload has added since the beginning of the window, one above the other. */
export function StackedChart({ curves, label }: { curves: { name: string; curve: Curve }[]; label: string }) {
  const ink = useInk()
  const { times, sums, own } = useMemo(() => stack(curves.map((c) => c.curve)), [curves])
  // The tallest sum is drawn first, so that each area covers the one behind it.
  const order = useMemo(() => curves.map((_, i) => curves.length - 1 - i), [curves])
  const data = useMemo(() => [times, ...order.map((i) => sums[i]!)] as uPlot.AlignedData, [times, order, sums])
  const lines = useMemo<Line[]>(
    () => curves.map(({ name }, i) => ({ name: name.slice(0, 60), color: ink.of(hues[i % hues.length]!, 5, 6), stroke: 'area', said: (at) => bytes(own[i]![at]) })),
    [curves, own, ink],
  )
  const options = useMemo(
    () => ({
      valueAxis: { size: 76, values: (_, ticks) => ticks.map((v) => bytes(v)), incrs: roundBytes } as uPlot.Axis,
      series: [{}, ...order.map((i) => ({ stroke: lines[i]!.color, fill: lines[i]!.color, width: 1, points: { show: false } }))],
    }),
    [order, lines],
  )
  return <Chart label={label} height={height} data={data} options={options} lines={lines} />
}
