import { Alert, Button, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, unwrap, type Schemas } from '@/api/client'
import { Explained } from '@/components/Explained'
import { Failure } from '@/components/Failure'
import { NoticeTable } from '@/components/NoticeTable'
import { Section } from '@/components/Section'

/** Told is who was told of an event, and what the rules would do with it. */
export function Told({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const [explaining, setExplaining] = useState(false)
  const notices = useQuery({
    queryKey: ['notices', 'event', e.id],
    queryFn: () => unwrap(api.GET('/api/v1/events/{id}/notices', { params: { path: { id: e.id } } })),
  })
  return (
    <Section
      title={t('alerts.event.notices')}
      aside={
        <Button className="no-print" size="xs" variant="default" aria-expanded={explaining} onClick={() => setExplaining(!explaining)}>
          {t('alerts.event.explain')}
        </Button>
      }
    >
      {e.silenced && e.status === 'open' && (
        <Alert color="blue" p="xs">
          {t('alerts.event.is_silenced')}
        </Alert>
      )}
      {explaining && <Explained id={e.id} />}
      {notices.error && <Failure error={notices.error} retry={() => void notices.refetch()} />}
      {notices.isPending && !notices.error && <Skeleton height={22} />}
      {notices.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('alerts.event.none')}
        </Text>
      )}
      {notices.data && notices.data.items.length > 0 && <NoticeTable notices={notices.data.items} />}
    </Section>
  )
}
