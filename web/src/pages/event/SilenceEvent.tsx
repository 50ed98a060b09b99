import { NumberInput, Select, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { useLanguage } from '@/components/useLanguage'
import { useNow } from '@/components/useNow'
import { absolute } from '@/lib/format'

const hoursOfSilence = 24

/** SilenceEvent keeps notices of an event, or of others like it, back for some hours. */
export function SilenceEvent({ event: e, close }: { event: Schemas['Event']; close: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const [by, setBy] = useState<'object' | 'culprit' | 'inspection'>('object')
  const [hours, setHours] = useState<number | string>(hoursOfSilence)
  const silence = useChange(
    (body: Schemas['SilenceEventInputBody']) => unwrap(api.POST('/api/v1/events/{id}/silence', { params: { path: { id: e.id } }, body })),
    ['settings', 'silences'],
    ['events'],
  )
  const object = e.object.kind === 'host' ? e.object.host : `${e.object.host}/${e.object.name}`
  const names = { object, culprit: e.culprit?.name ?? '', inspection: e.inspection }
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
      <Select label={t('alerts.silence.about')} data={choices.map((value) => ({ value, label: t(`alerts.event.silence_by.${value}`, { name: names[value].slice(0, 100) }) }))} value={by} allowDeselect={false} onChange={(b) => b && setBy(b as typeof by)} />
      <NumberInput label={t('alerts.event.silence_hours')} min={0.1} max={8760} value={hours} onChange={setHours} />
      <Text size="sm" c="dimmed">
        {t('alerts.event.silence_until', { time: absolute(new Date(now.getTime() + Number(hours) * 3_600_000), language) })}
      </Text>
    </Ask>
  )
}
