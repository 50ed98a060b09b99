import { Text, Timeline } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { duration } from '@/lib/format'

const colors: Partial<Record<Schemas['Entry']['change'], string>> = { opened: 'red', level_rose: 'orange', recovered: 'teal' }

/** History is what happened to an event, the newest first. */
export function History({ entries }: { entries: Schemas['Entry'][] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Section title={t('event.history')}>
      <Timeline bulletSize={14} lineWidth={2} active={entries.length}>
        {[...entries].reverse().map((entry) => (
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
