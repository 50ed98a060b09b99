import { Box, SegmentedControl, Skeleton, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEventCurves } from '@/api/events'
import type { Schemas } from '@/api/client'
import { Failure } from '@/components/Failure'
import { MemoryChart } from '@/components/MemoryChart'
import { Section } from '@/components/Section'
import { useAddress } from '@/components/useAddress'
import { floorOf, type Life, type Trend } from '@/lib/curve'
import { curveShape, spans } from './address'

const hours = { opening: 6, window: 6, day: 24, week: 168 } as const

/** Curve shows the object's memory: at the opening from what was kept, else as the source has it now. */
export function Curve({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const [{ span: chosen }, change] = useAddress(curveShape)
  const span = chosen || (e.cause === 'slow' ? 'week' : 'window')
  const end = e.status === 'open' ? e.last_seen_at : (e.recovered_at ?? e.last_seen_at)
  const range = useMemo(() => ({ from: new Date(Date.parse(end) - hours[span] * 3_600_000).toISOString(), to: end, workloads: 0 }), [span, end])
  const curves = useEventCurves(e.id, range, span !== 'opening')
  const kept = span === 'opening' || (curves.isError && !curves.data) || (curves.data && !curves.data.window.values.some((v) => v !== null))
  const label = t('event.curve_of', { object: e.object.name ?? e.object.host })
  const shown = kept ? e.snapshot.curve : curves.data?.window
  const floors = !kept && span === 'week' ? curves.data?.floors : undefined
  const floor = useMemo(() => floors ?? (shown && floorOf(shown)), [floors, shown])
  const verdict = kept ? e.snapshot.verdict : e.status === 'open' ? e.verdict : undefined
  const trend = useMemo(() => verdict && trendOf(verdict), [verdict])
  return (
    <Section
      title={t('event.curve')}
      aside={
        <SegmentedControl
          size="xs"
          className="no-print"
          aria-label={t('event.span.label')}
          data={spans.map((value) => ({ value, label: t(`event.span.${value}`) }))}
          value={kept ? 'opening' : span}
          onChange={(value) => change({ span: value as typeof span })}
        />
      }
    >
      {curves.isError && span !== 'opening' && <Failure error={curves.error} retry={() => void curves.refetch()} />}
      {curves.data && !curves.isError && kept && span !== 'opening' && (
        <Text size="sm" c="dimmed">
          {t('event.curve_kept')}
        </Text>
      )}
      {shown ? (
        <Box opacity={curves.isPlaceholderData ? 0.6 : undefined} aria-busy={curves.isPlaceholderData || undefined}>
          <MemoryChart label={label} curve={shown} unit={kept ? e.snapshot.curve.unit : curves.data!.unit} floor={floor} trend={trend} limit={kept ? e.snapshot.verdict.capacity : curves.data!.capacity} />
        </Box>
      ) : (
        <Skeleton height={310} />
      )}
    </Section>
  )
}

function trendOf(v: Schemas['Verdict']): Trend | undefined {
  if (!v.leak || !v.onset) return undefined
  return { onset: Date.parse(v.onset) / 1000, at: Date.parse(v.at) / 1000, value: v.value, slope: v.slope_per_hour, low: v.slope_low, high: v.slope_high, life: v.restarts && lifeOf(v.restarts) }
}

function lifeOf(r: Schemas['Restarts']): Life {
  return { since: Date.parse(r.last) / 1000, until: r.next === undefined ? undefined : Date.parse(r.next) / 1000, peak: r.peak }
}
