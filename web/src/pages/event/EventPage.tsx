import { Anchor, Badge, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconArrowLeft, IconRadar2 } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useEvent } from '@/api/events'
import type { Schemas } from '@/api/client'
import { EventBadge } from '@/components/EventBadge'
import { Heading } from '@/components/Heading'
import { Loaded } from '@/components/Loaded'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { absolute } from '@/lib/format'
import { visited } from '@/lib/visited'
import { Actions } from './Actions'
import { Attributes } from './Attributes'
import { Curve } from './Curve'
import { Facts } from './Facts'
import { Help } from './Help'
import { History } from './History'
import { InWords } from './InWords'
import { RelatedEvents } from './RelatedEvents'
import { Reported } from './Reported'
import { Told } from './Told'
import { Workloads } from './Workloads'

/** EventPage is one event: what, since when, how fast, who, how long left, and why we think so. */
export function EventPage() {
  const { id } = useParams({ strict: false })
  const event = useEvent(id ?? '')
  return (
    <Loaded query={event} waiting={<Waiting />}>
      {(e) => <Shown key={e.id} event={e} />}
    </Loaded>
  )
}

function Shown({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        <Anchor component={Link} to="/events" search={visited('/events') as never} size="sm" className="no-print">
          <Group gap={4}>
            <IconArrowLeft size={14} />
            {t('event.back')}
          </Group>
        </Anchor>
        <Group justify="space-between" align="start">
          <Stack gap={6} flex="1 1 300px" miw={0}>
            <Heading name={e.title} foreign lineClamp={4} />
            <Group gap="xs" fz="sm" c="dimmed">
              <EventBadge event={e} />
              <span>
                {t('event.opened')} <When at={e.opened_at} />
              </span>
              {e.recovered_at && (
                <span>
                  {t('event.recovered')} <When at={e.recovered_at} />
                </span>
              )}
              {e.acknowledged_by && <Badge variant="light" tt="none" children={t('events.acknowledged', { name: e.acknowledged_by })} />}
              {e.not_leak && <Badge variant="light" color="gray" tt="none" children={t('events.not_leak')} />}
              <Anchor component={Link} to={`/inspections/${e.inspection_id}`} inherit aria-label={t('event.inspection', { name: e.inspection })}>
                <Group gap={4}>
                  <IconRadar2 size={14} />
                  {e.inspection}
                </Group>
              </Anchor>
            </Group>
          </Stack>
          <Actions event={e} />
        </Group>
      </Stack>
      {e.object.kind === 'check' ? (
        <Reported event={e} />
      ) : (
        <>
          <Facts event={e} />
          <InWords event={e} />
          <Curve event={e} />
          <Workloads event={e} />
        </>
      )}
      <Help inspection={e.inspection_id} />
      <Attributes event={e} />
      <Told event={e} />
      <History event={e} />
      <RelatedEvents event={e} />
      <Text size="xs" c="dimmed" className="print-only" style={{ overflowWrap: 'anywhere' }}>
        {t('event.printed', { address: `${location.origin}/events/${e.id}`, time: absolute(new Date(), language) })}
      </Text>
    </Stack>
  )
}

// Waiting has the shape of what will be there.
function Waiting() {
  return (
    <Stack gap="lg" aria-busy>
      <Stack gap={6}>
        <Skeleton height={20} width={90} />
        <Skeleton height={30} width="60%" />
        <Skeleton height={22} width="40%" />
      </Stack>
      <Skeleton height={94} />
      <Skeleton height={380} />
      <Skeleton height={392} />
    </Stack>
  )
}
