import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Markdown } from '@/components/Markdown'
import { Section } from '@/components/Section'

/** Reported is what a script said of something, in its own words. */
export function Reported({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('event.reported')}>
      {e.message ? (
        <Markdown text={e.message} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('event.no_message')}
        </Text>
      )}
    </Section>
  )
}
