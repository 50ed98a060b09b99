import { Anchor, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useHost, useHostCurves } from '@/api/hosts'
import { Failure } from '@/components/Failure'
import { EventLine } from '@/components/EventLine'
import { Heading } from '@/components/Heading'
import { MemoryChart } from '@/components/MemoryChart'
import { Section } from '@/components/Section'
import { StateBadge } from '@/components/StateBadge'
import { useAddress } from '@/components/useAddress'
import { When } from '@/components/When'
import { useEvents } from '@/api/events'
import { oneOf } from '@/lib/address'
import { floorOf } from '@/lib/curve'
import { bytes, percent } from '@/lib/format'
import { visited } from '@/lib/visited'
import { Health } from './Health'
import { Workloads } from './Workloads'

const hours = { window: 6, day: 24, week: 168 } as const
const shape = { span: oneOf(['window', 'day', 'week'], 'window') }

/** HostPage is one host: its curve, its events, who uses its memory, and what its collectors tell. */
export function HostPage() {
  const { t } = useTranslation()
  const { host: name = '' } = useParams({ strict: false })
  const host = useHost(name)
  if (host.error && !host.data) return <Failure error={host.error} retry={() => void host.refetch()} />
  return (
    <Stack>
      {host.error && <Failure error={host.error} retry={() => void host.refetch()} />}
      <Anchor component={Link} to="/hosts" search={visited('/hosts') as never} size="sm">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t('host.back')}
        </Group>
      </Anchor>
      <Group>
        <Heading name={name} foreign lineClamp={3} />
        {host.data && <StateBadge state={host.data.state} />}
        {host.data && (
          <Text size="sm" c="dimmed">
            {host.data.used_percent !== undefined && host.data.used_percent !== null && t('hosts.of', { value: percent(host.data.used_percent), total: bytes(host.data.total_bytes) })}
            {' · '}
            <When at={host.data.last_seen_at} />
          </Text>
        )}
      </Group>
      <Memory host={name} end={host.data?.last_seen_at} />
      <Events host={name} />
      <Workloads host={name} />
      <Health host={name} />
    </Stack>
  )
}

function Memory({ host, end }: { host: string; end: string | undefined }) {
  const { t } = useTranslation()
  const [{ span }, change] = useAddress(shape)
  const range = useMemo(
    () => (end ? { from: new Date(Date.parse(end) - hours[span] * 3_600_000).toISOString(), to: end, workloads: 0 } : { workloads: 0 }),
    [end, span],
  )
  const curves = useHostCurves(host, range)
  const [shown, floors, events] = [curves.data?.window, span === 'week' ? curves.data?.floors : undefined, curves.data?.events]
  const floor = useMemo(() => floors ?? (shown && floorOf(shown)), [floors, shown])
  const marks = useMemo(() => events?.map((e) => ({ at: Date.parse(e.opened_at) / 1000, level: e.level })), [events])
  return (
    <Section
      title={t('host.memory')}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t('event.span.label')}
          data={(['window', 'day', 'week'] as const).map((value) => ({ value, label: t(`event.span.${value}`) }))}
          value={span}
          onChange={(value) => change({ span: value as keyof typeof hours })}
        />
      }
    >
      {curves.error && <Failure error={curves.error} retry={() => void curves.refetch()} />}
      {!curves.data && !curves.error && <Skeleton height={310} />}
      {curves.data && (
        <MemoryChart
          label={t('host.curve_of', { host })}
          curve={curves.data.window}
          unit={curves.data.unit}
          floor={floor}
          limit={curves.data.capacity}
          marks={marks}
        />
      )}
    </Section>
  )
}

function Events({ host }: { host: string }) {
  const { t } = useTranslation()
  const query = useMemo(() => ({ host }), [host])
  const events = useEvents(query)
  const rows = events.data?.pages[0]?.items.slice(0, 10) ?? []
  return (
    <Section title={t('host.events')} aside={<Anchor component={Link} to="/events" search={{ status: 'all', host } as never} size="sm">{t('event.back')}</Anchor>}>
      {events.error && <Failure error={events.error} retry={() => void events.refetch()} />}
      {events.isPending && !events.error && <Skeleton height={24} />}
      {events.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('host.no_events')}
        </Text>
      )}
      <Stack gap={6}>
        {rows.map((e) => (
          <EventLine key={e.id} event={e}>
            <When at={e.opened_at} />
          </EventLine>
        ))}
      </Stack>
    </Section>
  )
}
