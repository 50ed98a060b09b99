import { Anchor, Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRuns } from '@/api/runs'
import { Carded } from '@/components/Carded'
import { Failure } from '@/components/Failure'
import { RunBadge } from '@/components/RunBadge'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { duration } from '@/lib/format'

/** Records are the runs of a trigger, the newest first. */
export function Records({ trigger }: { trigger: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const runs = useRuns({ trigger })
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section title={t('triggers.records')}>
      {runs.error && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isPending && !runs.error && <Skeleton height={100} />}
      {runs.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('triggers.no_records')}
        </Text>
      )}
      {rows.length > 0 && (
        <Carded label={t('triggers.records')} columns={[...(['due', 'status', 'wait', 'took'] as const).map((column) => t(`runs.column.${column}`)), t('runs.error')]} width={560}>
          {rows.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <Anchor component={Link} to={`/runs/${run.id}`} size="sm">
                  <When at={run.scheduled_at} />
                </Anchor>
              </Table.Td>
              <Table.Td>
                <RunBadge status={run.status} />
              </Table.Td>
              <Table.Td>{duration(run.wait_seconds, language)}</Table.Td>
              <Table.Td>{run.started_at ? duration(run.run_seconds, language) : '–'}</Table.Td>
              <Table.Td maw={420}>
                {run.error && (
                  <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                    {run.error}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Carded>
      )}
      {runs.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            {t('shell.action.more')}
          </Button>
        </Group>
      )}
    </Section>
  )
}
