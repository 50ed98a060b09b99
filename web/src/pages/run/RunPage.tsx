import { Alert, Anchor, Code, Group, Progress, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useRun } from '@/api/runs'
import { Heading } from '@/components/Heading'
import { Loaded } from '@/components/Loaded'
import { RunBadge } from '@/components/RunBadge'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { bytes, duration, share, whole } from '@/lib/format'
import { visited } from '@/lib/visited'
import { Outcome } from './Outcome'
import { Prints } from './Prints'
import { clock } from './timed'

/** RunPage is one run with its log; while it goes on, its progress. */
export function RunPage() {
  const { id } = useParams({ strict: false })
  const run = useRun(id ?? '')
  return (
    <Loaded query={run} waiting={<Waiting />}>
      {(r) => <Shown run={r} />}
    </Loaded>
  )
}

function Waiting() {
  return (
    <Stack aria-busy>
      <Skeleton height={20} width={90} />
      <Skeleton height={28} width="40%" />
      <Skeleton height={44} />
      <Skeleton height={20} width={220} />
      <Skeleton height={240} />
    </Stack>
  )
}

function Shown({ run: r }: { run: Schemas['RunWithLog'] }) {
  const { t } = useTranslation()
  const going = r.status === 'pending' || r.status === 'running'
  return (
    <Stack>
      <Anchor component={Link} to="/runs" search={visited('/runs') as never} size="sm">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t('runs.back')}
        </Group>
      </Anchor>
      <Group>
        <Heading name={r.inspection} tab={`${r.inspection} · ${t('runs.title')}`} foreign />
        <RunBadge status={r.status} />
        {r.at && (
          <Text size="sm" c="dimmed">
            {t('runs.windows')} <When at={r.at} />
          </Text>
        )}
      </Group>
      {going && !r.trigger_id && (
        <Stack gap={4} aria-live="polite">
          <Progress value={100 * r.progress} animated aria-label={t('runs.progress', { percent: share(r.progress) })} />
          <Text size="sm">{t('runs.progress', { percent: share(r.progress) })}</Text>
        </Stack>
      )}
      {going && r.trigger_id && <Progress value={100} animated aria-label={t(`domain.run.${r.status}`)} />}
      {r.error && (
        <Alert color={r.status === 'skipped' || r.status === 'expired' ? 'yellow' : 'red'} title={t('runs.error')}>
          {r.error}
        </Alert>
      )}
      <Facts run={r} />
      <Group>
        {r.inspection_id && (
          <>
            <Anchor component={Link} to="/events" search={{ status: 'all', inspection: r.inspection_id } as never} size="sm">
              {t('runs.events_of')}
            </Anchor>
            <Anchor component={Link} to={`/inspections/${r.inspection_id}`} size="sm">
              {t('runs.configuration')}
            </Anchor>
          </>
        )}
        {r.trigger_id && (
          <Anchor component={Link} to={`/triggers/${r.trigger_id}`} size="sm">
            {t('runs.trigger')}
          </Anchor>
        )}
      </Group>
      {r.trigger_id ? (
        <>
          <Outcome run={r} />
          <Prints run={r} />
        </>
      ) : (
        <Log lines={r.log} />
      )}
    </Stack>
  )
}

function Facts({ run: r }: { run: Schemas['RunWithLog'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const facts: [string, React.ReactNode][] = [
    [t('runs.column.due'), <When key="due" at={r.scheduled_at} />],
    [t('runs.column.wait'), duration(r.wait_seconds, language)],
    [t('runs.column.took'), r.started_at ? duration(r.run_seconds, language) : '–'],
    [t('runs.column.hosts'), whole(r.hosts)],
    [t('runs.column.failed'), whole(r.failed)],
    [t('runs.column.no_data'), whole(r.no_data)],
    [t('runs.column.leaks'), whole(r.leaks)],
    [t('runs.column.events'), t('runs.opened_recovered', { opened: r.opened_events, recovered: r.recovered_events })],
    ...(r.peak_bytes ? [[t('runs.peak'), bytes(r.peak_bytes)] as [string, React.ReactNode]] : []),
    ...(r.manual ? [[t('runs.manual_title'), r.manual] as [string, React.ReactNode]] : []),
  ]
  return (
    <SimpleGrid component="dl" m={0} cols={{ base: 2, xs: 3, sm: 4, lg: 8 }}>
      {facts.map(([name, value]) => (
        <Stack key={name} gap={0}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </Stack>
      ))}
    </SimpleGrid>
  )
}

const colors: Record<string, string> = { warning: 'orange', error: 'red' }

function Log({ lines }: { lines: Schemas['LogLine'][] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('runs.log')}>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('runs.no_log')}
        </Text>
      ) : (
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {lines.map((line) => (
            <Text key={line.seq} span inherit display="block" c={colors[line.level]}>
              {`${clock(line.at).slice(0, 8)} ${line.text}`}
            </Text>
          ))}
        </Code>
      )}
    </Section>
  )
}
