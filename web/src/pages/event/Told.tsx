import { Badge, Button, Group, List, NumberInput, Select, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Ask } from '@/components/Ask'
import { Failure } from '@/components/Failure'
import { NoticeTable } from '@/components/NoticeTable'
import { Section } from '@/components/Section'

/** Told is who was told of an event, and what the rules would do with it; it can be silenced. */
export function Told({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const may = useMay('editor')
  const [explaining, setExplaining] = useState(false)
  const [silencing, setSilencing] = useState(false)
  const notices = useQuery({
    queryKey: ['notices', 'event', e.id],
    queryFn: () => unwrap(api.GET('/api/v1/events/{id}/notices', { params: { path: { id: e.id } } })),
  })
  return (
    <Section
      title={t('alerts.event.notices')}
      aside={
        <Group gap="xs" className="no-print">
          <Button size="xs" variant="default" onClick={() => setExplaining(!explaining)}>
            {t('alerts.event.explain')}
          </Button>
          {may && (
            <Button size="xs" variant="default" onClick={() => setSilencing(true)}>
              {t('alerts.event.silence')}
            </Button>
          )}
        </Group>
      }
    >
      {explaining && <Explained id={e.id} />}
      {notices.error && <Failure error={notices.error} />}
      {notices.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('alerts.event.none')}
        </Text>
      )}
      {notices.data && notices.data.items.length > 0 && <NoticeTable notices={notices.data.items} />}
      {silencing && <SilenceEvent event={e} close={() => setSilencing(false)} />}
    </Section>
  )
}

function Explained({ id }: { id: string }) {
  const { t } = useTranslation()
  const explained = useQuery({
    queryKey: ['notices', 'explained', id],
    queryFn: () => unwrap(api.GET('/api/v1/events/{id}/explain', { params: { path: { id }, query: { as_new: true } } })),
  })
  if (explained.error) return <Failure error={explained.error} />
  if (!explained.data) return null
  const x = explained.data
  return (
    <Stack gap="xs" aria-live="polite">
      <List type="ordered" size="sm" spacing={4}>
        {x.steps.map((step, i) => (
          <List.Item key={i}>{step.said}</List.Item>
        ))}
      </List>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {t(x.tells ? 'alerts.event.tells' : 'alerts.event.quiet')}
        </Text>
        {x.targets.map((target) => (
          <Badge key={target.id} variant="default" tt="none">
            {target.name}
          </Badge>
        ))}
      </Group>
    </Stack>
  )
}

const hoursOfSilence = 24

function SilenceEvent({ event: e, close }: { event: Schemas['Event']; close: () => void }) {
  const { t } = useTranslation()
  const [by, setBy] = useState<'object' | 'culprit' | 'inspection'>('object')
  const [hours, setHours] = useState<number | string>(hoursOfSilence)
  const silence = useChange(
    (body: Schemas['SilenceEventInputBody']) => unwrap(api.POST('/api/v1/events/{id}/silence', { params: { path: { id: e.id } }, body })),
    ['settings', 'silences'],
    ['events'],
  )
  const choices = e.culprit ? (['object', 'culprit', 'inspection'] as const) : (['object', 'inspection'] as const)
  return (
    <Ask
      title={t('alerts.event.silence')}
      text={t('alerts.event.silence_text')}
      go={t('alerts.event.silence')}
      busy={silence.isPending}
      error={silence.error}
      close={close}
      submit={() =>
        silence.mutate(
          { by, for_seconds: Math.round(Number(hours) * 3600) },
          {
            onSuccess: () => {
              notifications.show({ color: 'teal', message: t('alerts.event.silenced') })
              close()
            },
          },
        )
      }
    >
      <Select label={t('alerts.silence.about')} data={choices.map((value) => ({ value, label: t(`alerts.event.silence_by.${value}`) }))} value={by} allowDeselect={false} onChange={(b) => b && setBy(b as typeof by)} />
      <NumberInput label={t('alerts.event.silence_hours')} min={0.1} max={8760} value={hours} onChange={setHours} />
    </Ask>
  )
}
