import 'uplot/dist/uPlot.min.css'
import { Box, Button, useComputedColorScheme, useMantineTheme, VisuallyHidden } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { timeAxis } from '@/lib/axes'
import { absolute } from '@/lib/format'
import classes from './Chart.module.css'
import { paperWidth, usePrinting } from './usePrinting'
import { useLanguage } from './useLanguage'

/** Line is what a chart shows under one name: in its legend always, with its value where the pointer is. */
export type Line = { name: string; color: string; stroke: 'solid' | 'dashed' | 'dotted' | 'area' | 'upright'; said?: (at: number) => string | undefined }

/** Ink is what charts are drawn with, in light, dark and on paper. */
export function useInk() {
  const theme = useMantineTheme()
  const printing = usePrinting()
  const dark = useComputedColorScheme('light') === 'dark' && !printing
  return useMemo(
    () => ({
      dark,
      text: dark ? theme.colors.dark[0] : theme.colors.gray[7],
      paper: dark ? theme.colors.dark[7] : '#fff',
      grid: { stroke: dark ? theme.colors.dark[5] : theme.colors.gray[2], width: 1 },
      of: (name: string, inDark: number, inLight: number) => theme.colors[name]![dark ? inDark : inLight]!,
    }),
    [dark, theme],
  )
}

type Props = {
  label: string // what it shows, for a screen reader
  height: number
  data: uPlot.AlignedData
  options: Omit<uPlot.Options, 'width' | 'height' | 'legend' | 'cursor' | 'axes'> & { valueAxis: uPlot.Axis }
  lines: Line[]
}

type Pointed = { at: number; left: number; top: number }

/** Chart draws lines over time. Values are said where the pointer is, or where the arrow keys have moved; dragging looks closer. */
export function Chart({ label, height, data, options, lines }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { ref, width: there } = useElementSize()
  const printing = usePrinting()
  const width = printing && there > 0 ? paperWidth : there
  const ink = useInk()
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const first = useRef(data)
  const [pointed, setPointed] = useState<Pointed>()
  const [closer, setCloser] = useState(false)
  const [keyed, setKeyed] = useState(false)
  const sized = useRef({ width, height })
  const drawable = width > 0

  useEffect(() => {
    if (!place.current || !drawable) return
    const { valueAxis, ...others } = options
    const ticks = { stroke: ink.text, grid: ink.grid, ticks: ink.grid }
    const chart = new uPlot(
      {
        ...others,
        ...sized.current,
        legend: { show: false },
        cursor: { drag: { x: true, y: false }, y: false },
        axes: [
          { ...ticks, ...timeAxis(language) },
          { ...ticks, ...valueAxis },
        ],
        hooks: {
          ...others.hooks,
          setCursor: [(u) => setPointed(u.cursor.idx === null || u.cursor.idx === undefined || (u.cursor.left ?? -1) < 0 ? undefined : { at: u.cursor.idx, left: u.cursor.left! + u.over.offsetLeft, top: u.over.offsetTop })],
          setScale: [(u, scale) => scale === 'x' && setCloser(!whole(u))],
        },
      },
      first.current,
      place.current,
    )
    plot.current = chart
    return () => {
      chart.destroy()
      plot.current = undefined
      setPointed(undefined)
      setCloser(false)
    }
  }, [options, ink, drawable, language])

  useEffect(() => {
    sized.current = { width, height }
    if (plot.current && width > 0) plot.current.setSize(sized.current)
  }, [width, height])

  // New data does not take away what is looked at.
  useEffect(() => {
    first.current = data
    const chart = plot.current
    if (!chart || chart.data === data) return
    const all = whole(chart)
    chart.setData(data, all)
    if (!all) chart.redraw()
    const { left = -1, top = -1 } = chart.cursor
    if (left >= 0) chart.setCursor({ left, top })
  }, [data])

  const move = (event: KeyboardEvent) => {
    const chart = plot.current
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key]
    if (event.key === 'Escape') chart?.setCursor({ left: -10, top: -10 })
    if (!chart || step === undefined) return
    event.preventDefault()
    setKeyed(true)
    const [from, to] = shownOf(chart)
    const at = Math.min(Math.max((pointed?.at ?? (step < 0 ? to + 1 : from - 1)) + step, from), to)
    chart.setCursor({ left: chart.valToPos(chart.data[0][at]!, 'x'), top: 0 })
  }

  return (
    <Box ref={ref} className={classes.chart}>
      <div
        className={classes.plot}
        style={{ height }}
        ref={place}
        role="group"
        tabIndex={0}
        aria-label={`${label}. ${t('chart.keys')}`}
        onKeyDown={move}
        onPointerMove={() => keyed && setKeyed(false)}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
      />
      {pointed && <Readout time={data[0][pointed.at]!} lines={lines} pointed={pointed} width={width} loud={keyed} />}
      <div className={classes.legend}>
        {lines.map((line) => (
          <span key={line.name} className={classes.entry}>
            <Swatch line={line} />
            <bdi>{line.name}</bdi>
          </span>
        ))}
        {closer && (
          <Button size="compact-xs" variant="default" className={`${classes.whole} no-print`} onClick={() => plot.current?.setData(data, true)}>
            {t('chart.whole')}
          </Button>
        )}
      </div>
    </Box>
  )
}

// whole tells whether all of the time is shown.
function whole(u: uPlot): boolean {
  const { min, max } = u.scales.x!
  const times = u.data[0]
  return min === undefined || min === null || (min <= times[0]! && max! >= times[times.length - 1]!)
}

// shownOf are the first and the last index that are shown.
function shownOf(u: uPlot): [number, number] {
  const { min, max } = u.scales.x!
  const times = u.data[0]
  const from = times.findIndex((time) => time >= (min ?? -Infinity))
  const beyond = times.findIndex((time) => time > (max ?? Infinity))
  return [Math.max(from, 0), (beyond < 0 ? times.length : beyond) - 1]
}

// Readout says the values of one time, on the side of the pointer where there is room.
function Readout({ time, lines, pointed, width, loud }: { time: number; lines: Line[]; pointed: Pointed; width: number; loud: boolean }) {
  const language = useLanguage()
  const when = absolute(new Date(time * 1000), language)
  const said = lines.flatMap((line) => {
    const value = line.said?.(pointed.at)
    return value === undefined ? [] : [{ line, value }]
  })
  const side = pointed.left > width / 2 ? { right: width - pointed.left + 12 } : { left: pointed.left + 12 }
  return (
    <>
      <div className={classes.readout} style={{ top: pointed.top, ...side }} aria-hidden>
        <div className={classes.when}>{when}</div>
        {said.map(({ line, value }) => (
          <div key={line.name} className={classes.value}>
            <Swatch line={line} />
            <bdi className={classes.name}>{line.name}</bdi>
            <span>{value}</span>
          </div>
        ))}
      </div>
      {loud && (
        <VisuallyHidden role="status">{[when, ...said.map(({ line, value }) => `${line.name} ${value}`)].join(', ')}</VisuallyHidden>
      )}
    </>
  )
}

const dashes = { solid: undefined, dashed: '5 3', dotted: '2 2', area: undefined, upright: '2 2' }

function Swatch({ line }: { line: Line }) {
  return (
    <svg width={18} height={10} aria-hidden className={classes.swatch}>
      {line.stroke === 'area' ? (
        <rect width={18} height={10} rx={2} fill={line.color} />
      ) : line.stroke === 'upright' ? (
        <path d="M9 0V10" stroke={line.color} strokeWidth={2} strokeDasharray={dashes.upright} />
      ) : (
        <path d="M0 5H18" stroke={line.color} strokeWidth={2} strokeDasharray={dashes[line.stroke]} />
      )}
    </svg>
  )
}
