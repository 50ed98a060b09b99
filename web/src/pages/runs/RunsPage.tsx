import { Anchor, Button, Group, Select, Skeleton, Stack, Table, Text, Title, Tooltip } from '@mantine/core'
import { IconHandClick, IconHistoryToggle } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useRuns } from '@/api/runs'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { RunBadge } from '@/components/RunBadge'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { oneOf, read, text, write } from '@/lib/address'
import { duration } from '@/lib/format'

const statuses = ['success', 'failure', 'timeout', 'skipped', 'expired', 'running', 'pending'] as const
const shape = { status: oneOf(['all', ...statuses], 'all'), inspection: text() }

/** RunsPage lists what was executed, of one inspection or of all. */
export function RunsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const filter = useMemo(() => read(shape, search), [search])
  const runs = useRuns({
    inspection_id: filter.inspection || undefined,
    status: filter.status === 'all' ? undefined : [filter.status],
  })
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t('runs.title')}
        </Title>
        <Select
          w={180}
          aria-label={t('runs.filter')}
          data={[{ value: 'all', label: t('runs.all') }, ...statuses.map((value) => ({ value, label: t(`domain.run.${value}`) }))]}
          value={filter.status}
          allowDeselect={false}
          onChange={(status) => void navigate({ to: '/runs', search: write(shape, { ...filter, status: (status ?? 'all') as 'all' }) as never })}
        />
      </Group>
      {runs.error && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isPending && !runs.error && <Skeleton height={200} />}
      {runs.data && rows.length === 0 && <Empty title={t('runs.none')} text={t('runs.none_text')} />}
      {rows.length > 0 && <RunTable runs={rows} />}
      {runs.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            {t('runs.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

/** RunTable shows runs, a line each. */
export function RunTable({ runs }: { runs: Schemas['Run'][] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table highlightOnHover aria-label={t('runs.title')}>
        <Table.Thead>
          <Table.Tr>
            {(['inspection', 'status', 'due', 'wait', 'took', 'hosts', 'failed', 'no_data', 'leaks', 'events'] as const).map((column) => (
              <Table.Th key={column}>{t(`runs.column.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td maw={280}>
                <Group gap={6} wrap="nowrap">
                  <Anchor component={Link} to={`/runs/${run.id}`} size="sm" truncate>
                    <bdi>{run.inspection}</bdi>
                  </Anchor>
                  {run.manual && (
                    <Tooltip label={t('runs.manual', { name: run.manual })}>
                      <IconHandClick size={14} aria-label={t('runs.manual', { name: run.manual })} />
                    </Tooltip>
                  )}
                  {run.made_up && (
                    <Tooltip label={t('runs.made_up')}>
                      <IconHistoryToggle size={14} aria-label={t('runs.made_up')} />
                    </Tooltip>
                  )}
                </Group>
                {run.error && (
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {run.error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <RunBadge status={run.status} />
              </Table.Td>
              <Table.Td>
                <When at={run.scheduled_at} />
              </Table.Td>
              <Table.Td>{duration(run.wait_seconds, language)}</Table.Td>
              <Table.Td>{run.started_at ? duration(run.run_seconds, language) : '–'}</Table.Td>
              <Table.Td>{run.hosts.toLocaleString()}</Table.Td>
              <Table.Td>{run.failed.toLocaleString()}</Table.Td>
              <Table.Td>{run.no_data.toLocaleString()}</Table.Td>
              <Table.Td>{run.leaks.toLocaleString()}</Table.Td>
              <Table.Td>{t('runs.opened_recovered', { opened: run.opened_events, recovered: run.recovered_events })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
