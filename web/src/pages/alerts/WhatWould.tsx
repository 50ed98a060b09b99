import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Explained } from '@/components/Explained'
import { Section } from '@/components/Section'
import { EventChoice, useEventChoice } from './EventChoice'

/** WhatWould leads an event that is chosen through rules, silences and groups. */
export function WhatWould() {
  const { t } = useTranslation()
  const { none, ...choice } = useEventChoice()
  return (
    <Section title={t('alerts.event.explain')}>
      {none ? (
        <Text size="sm" c="dimmed">
          {t('alerts.preview.no_event')}
        </Text>
      ) : (
        <EventChoice {...choice} />
      )}
      {choice.event && <Explained id={choice.event} />}
    </Section>
  )
}
