import { Select, Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRelated, type Related } from '@/api/events'
import type { Schemas } from '@/api/client'
import { EventLine } from '@/components/EventLine'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { When } from '@/components/When'

/** RelatedEvents are others that have a chosen thing in common. */
export function RelatedEvents({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const [by, setBy] = useState<Related>(e.incident_id ? 'incident' : 'host')
  const related = useRelated(e.id, by)
  const common: Related[] = ['host', ...(e.culprit ? ['culprit' as const] : []), 'inspection', ...(e.owner ? ['owner' as const] : []), ...(e.incident_id ? ['incident' as const] : []), 'time']
  return (
    <Section
      title={t('event.related')}
      aside={
        <Select
          size="xs"
          w={140}
          aria-label={t('event.related_by.label')}
          data={common.map((value) => ({ value, label: t(`event.related_by.${value}`) }))}
          value={by}
          allowDeselect={false}
          onChange={(value) => value && setBy(value as Related)}
        />
      }
    >
      {related.error && <Failure error={related.error} retry={() => void related.refetch()} />}
      {related.isPending && !related.error && <Skeleton height={24} />}
      {related.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('event.no_related')}
        </Text>
      )}
      <Stack gap={6}>
        {related.data?.items.map((other) => (
          <EventLine key={other.id} event={other}>
            <When at={other.opened_at} />
          </EventLine>
        ))}
      </Stack>
    </Section>
  )
}
