import { SimpleGrid, Text, Timeline } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { ObjectName } from '@/components/ObjectName'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { absolute, duration } from '@/lib/format'

const colors: Partial<Record<Schemas['Entry']['change'], string>> = { opened: 'red', level_rose: 'orange', recovered: 'teal' }

/** History is the course of an event, object and times, and what happened to it, the newest first. */
export function History({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Section title={t('event.history')}>
      <Course event={e} />
      <Timeline bulletSize={14} lineWidth={2} active={e.history.length}>
        {[...e.history].reverse().map((entry) => (
          <Timeline.Item key={entry.seq} color={colors[entry.change] ?? 'gray'} title={t(`event.change.${entry.change}`, { level: t(`domain.level.${entry.level}`) })}>
            <Text size="sm" c="dimmed">
              <When at={entry.at} />
              {entry.seq > 1 && ` · ${t('event.after', { duration: duration(entry.duration_seconds, language) })}`}
              {entry.recovery && ` · ${t(`domain.recovery.${entry.recovery}`)}`}
              {entry.by && ` · ${t('event.by', { name: entry.by })}`}
            </Text>
            {entry.note && (
              <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                {entry.note}
              </Text>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
    </Section>
  )
}

// Course is on what it was, when it began and ended, and how long it lasted.
function Course({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const facts = {
    object: <ObjectName object={e.object} />,
    opened: absolute(new Date(e.opened_at), language),
    recovered: e.recovered_at ? absolute(new Date(e.recovered_at), language) : t('event.course.open'),
    lasted: duration(e.duration_seconds, language),
  }
  return (
    <SimpleGrid component="dl" m={0} cols={{ base: 2, md: 4 }} spacing="md" verticalSpacing="xs">
      {(['object', 'opened', 'recovered', 'lasted'] as const).map((name) => (
        <div key={name} style={{ minWidth: 0 }}>
          <Text component="dt" size="xs" c="dimmed">
            {t(`event.course.${name}`)}
          </Text>
          <Text component="dd" m={0} size="sm">
            {facts[name]}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}
