import { Button, Code, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useMoreLog } from '@/api/runs'
import { Section } from '@/components/Section'
import { clock, seconds, timed } from './timed'

type Props = { run: Schemas['RunWithLog'] }

/** Prints are what a script printed: when, how long after the line before, and since the run began. */
export function Prints({ run }: Props) {
  const { t } = useTranslation()
  const more = useMoreLog(run.id, run.log.at(-1)?.seq ?? 0)
  const lines = timed(run.started_at, [...run.log, ...(more.data?.pages.flatMap((page) => page.items) ?? [])])
  const rest = more.data ? more.hasNextPage : run.log.length >= page
  return (
    <Section title={t('runs.prints')}>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('runs.no_prints')}
        </Text>
      ) : (
        <>
          <Text size="xs" c="dimmed">
            {t('runs.prints_text')}
          </Text>
          <Code block tabIndex={0} mah={560} style={{ overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {lines.map((line) => (
              <Text key={line.seq} span inherit display="block" c={colors[line.level]}>
                <Text span inherit c="dimmed">
                  {`${clock(line.at)} +${seconds(line.delta)} ${seconds(line.total)}  `}
                </Text>
                {line.text}
              </Text>
            ))}
          </Code>
        </>
      )}
      {rest && (
        <Group justify="center">
          <Button size="xs" variant="default" loading={more.isFetching} onClick={() => void (more.data ? more.fetchNextPage() : more.refetch())}>
            {t('runs.more_prints')}
          </Button>
        </Group>
      )}
    </Section>
  )
}

const page = 1000 // lines that one answer holds
const colors: Record<string, string> = { warning: 'orange', error: 'red' }
