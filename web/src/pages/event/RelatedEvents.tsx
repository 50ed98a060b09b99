import { Group, Select, Skeleton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRelated, type Related } from '@/api/events'
import type { Schemas } from '@/api/client'
import { EventLine } from '@/components/EventLine'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { useAddress } from '@/components/useAddress'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { duration } from '@/lib/format'
import { relatedShape, withins } from './address'

/** RelatedEvents are others that have a chosen thing in common and are near in time. */
export function RelatedEvents({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [{ by: chosen, within }, change] = useAddress(relatedShape)
  const by: Related = chosen || (e.incident_id ? 'incident' : 'host')
  const related = useRelated(e.id, by, within)
  const common: Related[] = ['host', ...(e.culprit ? ['culprit' as const] : []), 'inspection', ...(e.owner ? ['owner' as const] : []), ...(e.incident_id ? ['incident' as const] : []), 'time']
  return (
    <Section
      title={t('event.related')}
      aside={
        <Group gap="xs" className="no-print">
          <Select
            size="xs"
            w={130}
            aria-label={t('event.related_by.label')}
            data={common.map((value) => ({ value, label: t(`event.related_by.${value}`) }))}
            value={by}
            allowDeselect={false}
            onChange={(value) => value && change({ by: value as Related })}
          />
          <Select
            size="xs"
            w={130}
            aria-label={t('event.within')}
            data={[...new Set([...withins, within])].map((hours) => ({ value: String(hours), label: `± ${duration(hours * 3600, language)}` }))}
            value={String(within)}
            allowDeselect={false}
            onChange={(hours) => change({ within: Number(hours) })}
          />
        </Group>
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
            {other.status === 'recovered' && ` · ${t('event.lasted', { duration: duration(other.duration_seconds, language) })}`}
          </EventLine>
        ))}
      </Stack>
    </Section>
  )
}
