import { Alert, Anchor, Grid, Group, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useOverview } from '@/api/overview'
import { Empty } from '@/components/Empty'
import { EventLine } from '@/components/EventLine'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { NoData } from '@/components/NoData'
import { RunBadge } from '@/components/RunBadge'
import { Section } from '@/components/Section'
import { TimeLeft } from '@/components/TimeLeft'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { absolute, bytes, whole } from '@/lib/format'
import { FleetBar } from './FleetBar'

/** OverviewPage is the fleet now: who leaks, how long is left, what changed. */
export function OverviewPage() {
  const { t } = useTranslation()
  const overview = useOverview()
  return (
    <Stack>
      <Heading name={t('overview.title')} />
      {overview.error && <Failure error={overview.error} retry={() => void overview.refetch()} />}
      {!overview.data ? !overview.error && <Waiting /> : overview.data.has_data ? <Fleet now={overview.data} /> : <NoData />}
    </Stack>
  )
}

function Fleet({ now }: { now: Schemas['Overview'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <>
      {now.paused_until && <Alert color="yellow">{t('overview.paused', { time: absolute(new Date(now.paused_until), language) })}</Alert>}
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section fill title={t('overview.hosts')} aside={<Text size="sm" c="dimmed">{t('hosts.count', { count: now.hosts.total })}</Text>}>
            <FleetBar counts={now.hosts} />
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 6, md: 3 }}>
          <Section fill title={t('overview.open')}>
            <Anchor component={Link} to="/events" fz={{ base: 22, sm: 32 }} fw={600} lh={1.2} c="inherit">
              {whole(now.events.open)}
            </Anchor>
            <Group gap="xs">
              {(['critical', 'error', 'warning', 'info'] as const)
                .filter((level) => level !== 'info' || now.events.by_level.info)
                .map((level) => (
                <Anchor key={level} component={Link} to="/events" search={{ level: [level] } as never} size="sm">
                  {`${t(`domain.level.${level}`)} ${whole(now.events.by_level[level] ?? 0)}`}
                </Anchor>
              ))}
            </Group>
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 6, md: 3 }}>
          <Section fill title={t('overview.lost')}>
            <Text fz={{ base: 22, sm: 32 }} fw={600} lh={1.2} style={{ whiteSpace: 'nowrap' }}>
              {bytes(now.leak_bytes_per_hour)}
              <Text span fz={{ base: 'sm', sm: 'lg' }} fw={500}>
                /h
              </Text>
            </Text>
            <Text size="sm" c="dimmed">
              {t('overview.lost_text')}
            </Text>
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Urgent now={now} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Runs now={now} />
            <Yesterday changes={now.yesterday} />
            {now.no_data.length > 0 && <Silent hosts={now.no_data} total={now.hosts.by_state.no_data ?? now.no_data.length} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  )
}

function Urgent({ now }: { now: Schemas['Overview'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('overview.urgent')} aside={<Anchor component={Link} to="/events" search={{ sort: 'exhaustion' } as never} size="sm">{t('overview.all_events')}</Anchor>}>
      {now.urgent.length === 0 && (now.last_run ? <Empty title={t('overview.nothing')} text={t('overview.nothing_text')} /> : <Empty title={t('overview.no_run')} text={t('overview.no_run_text')} />)}
      <Stack gap={8}>
        {now.urgent.map((e) => (
          <EventLine key={e.id} event={e}>
            <TimeLeft of={e} />
          </EventLine>
        ))}
      </Stack>
    </Section>
  )
}

function Runs({ now }: { now: Schemas['Overview'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('overview.runs')} aside={<Text size="sm" c="dimmed">{t('overview.enabled', { count: now.inspections })}</Text>}>
      {now.last_run && (
        <Group justify="space-between" wrap="nowrap" fz="sm">
          <span>{t('overview.last_run')}</span>
          <Group gap="xs" wrap="nowrap">
            <Anchor component={Link} to={`/runs/${now.last_run.id}`} size="sm">
              {now.last_run.inspection}
            </Anchor>
            <RunBadge status={now.last_run.status} />
            <When at={now.last_run.ended_at ?? now.last_run.started_at ?? now.last_run.scheduled_at} />
          </Group>
        </Group>
      )}
      {now.next_run_at && (
        <Group justify="space-between" wrap="nowrap" fz="sm">
          <span>{t('overview.next_run')}</span>
          <Group gap="xs" wrap="nowrap">
            <span>{now.next_run}</span>
            <When at={now.next_run_at} />
          </Group>
        </Group>
      )}
    </Section>
  )
}

function Yesterday({ changes }: { changes: Schemas['Changes'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('overview.yesterday')} aside={<Text size="sm" c="dimmed">{t('overview.yesterday_text', { opened: changes.opened, recovered: changes.recovered })}</Text>}>
      {changes.events.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('overview.unchanged')}
        </Text>
      )}
      <Stack gap={6}>
        {changes.events.slice(0, 8).map((e) => (
          <EventLine key={e.id} event={e}>
            <When at={e.recovered_at ?? e.opened_at} />
          </EventLine>
        ))}
      </Stack>
    </Section>
  )
}

function Silent({ hosts, total }: { hosts: string[]; total: number }) {
  const { t } = useTranslation()
  const shown = hosts.slice(0, 12)
  return (
    <Section title={t('overview.silent')}>
      <Group gap="xs">
        {shown.map((host) => (
          <Anchor key={host} component={Link} to={`/hosts/${encodeURIComponent(host)}`} size="sm" maw={220} truncate>
            <bdi>{host.slice(0, 200)}</bdi>
          </Anchor>
        ))}
        {total > shown.length && (
          <Anchor component={Link} to="/hosts" search={{ state: ['no_data'] } as never} size="sm" c="dimmed">
            {t('overview.silent_more', { count: total - shown.length })}
          </Anchor>
        )}
      </Group>
    </Section>
  )
}

// Waiting has the shape of what will be there.
function Waiting() {
  return (
    <Grid aria-busy>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Skeleton height={122} />
      </Grid.Col>
      <Grid.Col span={{ base: 6, md: 3 }}>
        <Skeleton height={140} />
      </Grid.Col>
      <Grid.Col span={{ base: 6, md: 3 }}>
        <Skeleton height={140} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Skeleton height={320} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack>
          <Skeleton height={126} />
          <Skeleton height={178} />
        </Stack>
      </Grid.Col>
    </Grid>
  )
}
