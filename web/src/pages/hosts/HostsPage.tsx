import { Anchor, Button, Group, MultiSelect, Progress, Select, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useHostCounts, useHosts } from '@/api/hosts'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { StateBadge } from '@/components/StateBadge'
import { TimeLeft } from '@/components/TimeLeft'
import { Trend } from '@/components/Trend'
import { When } from '@/components/When'
import { read, write } from '@/lib/address'
import { bytes, percent } from '@/lib/format'
import { query, shape, states, type Filter } from './filter'

const typing = 300 // ms until what is typed is looked for

/** HostsPage lists the hosts with their memory, verdict and time left. */
export function HostsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const filter = useMemo(() => read(shape, search), [search])
  const change = (part: Partial<Filter>) => void navigate({ to: '/hosts', search: write(shape, { ...filter, ...part }) as never, replace: part.q !== undefined })
  const hosts = useHosts(query(filter))
  const counts = useHostCounts()
  const rows = hosts.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack gap="sm">
      <Group align="baseline" gap="xs">
        <Title order={1} size="h3">
          {t('hosts.title')}
        </Title>
        {counts.data && (
          <Text size="sm" c="dimmed">
            {t('hosts.count', { total: counts.data.total.toLocaleString() })}
          </Text>
        )}
      </Group>
      <Controls filter={filter} change={change} />
      {hosts.error && <Failure error={hosts.error} retry={() => void hosts.refetch()} />}
      {hosts.isPending && !hosts.error && <Skeleton height={240} />}
      {hosts.data && rows.length === 0 && (filter.q === '' && filter.state.length === 0 ? <Empty title={t('hosts.none')} text={t('hosts.none_text')} /> : <Empty title={t('hosts.none_match')} />)}
      {rows.length > 0 && <HostTable hosts={rows} />}
      {hosts.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={hosts.isFetchingNextPage} onClick={() => void hosts.fetchNextPage()}>
            {t('hosts.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Controls({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string>() // while the field has the focus
  const look = useDebouncedCallback((q: string) => change({ q }), typing)
  return (
    <Group gap="xs">
      <TextInput
        flex="1 1 200px"
        aria-label={t('hosts.search')}
        placeholder={t('hosts.search')}
        leftSection={<IconSearch size={16} />}
        value={typed ?? filter.q}
        onChange={(e) => {
          setTyped(e.currentTarget.value)
          look(e.currentTarget.value)
        }}
        onBlur={() => {
          look.flush()
          setTyped(undefined)
        }}
      />
      <MultiSelect
        w={220}
        aria-label={t('hosts.state')}
        placeholder={filter.state.length === 0 ? t('hosts.state') : undefined}
        data={states.map((value) => ({ value, label: t(`overview.state.${value}`) }))}
        value={filter.state}
        onChange={(state) => change({ state })}
      />
      <Select
        w={200}
        aria-label={t('hosts.sort.label')}
        data={(['name', 'level', 'value', 'exhaustion', 'seen'] as const).map((value) => ({ value, label: t(`hosts.sort.${value}`) }))}
        value={filter.sort}
        allowDeselect={false}
        onChange={(sort) => change({ sort: (sort ?? 'name') as Filter['sort'] })}
      />
    </Group>
  )
}

function HostTable({ hosts }: { hosts: Schemas['Host'][] }) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={940}>
      <Table highlightOnHover aria-label={t('hosts.title')}>
        <Table.Thead>
          <Table.Tr>
            {(['host', 'state', 'memory', 'trend', 'verdict', 'left', 'collectors', 'seen'] as const).map((column) => (
              <Table.Th key={column}>{t(`hosts.column.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {hosts.map((host) => (
            <Table.Tr key={host.name}>
              <Table.Td maw={260} miw={140}>
                <Anchor component={Link} to={`/hosts/${encodeURIComponent(host.name)}`} size="sm" fw={500} truncate display="block">
                  <bdi>{host.name.slice(0, 300)}</bdi>
                </Anchor>
                {host.open_events > 0 && (
                  <Anchor component={Link} to="/events" search={{ host: host.name } as never} size="xs">
                    {t('hosts.open_events', { count: host.open_events })}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td>
                <StateBadge state={host.state} />
              </Table.Td>
              <Table.Td miw={150}>
                {host.used_percent !== undefined && host.used_percent !== null && (
                  <>
                    <Text size="sm" style={{ whiteSpace: 'nowrap' }}>{host.total_bytes ? t('hosts.of', { value: percent(host.used_percent), total: bytes(host.total_bytes) }) : percent(host.used_percent)}</Text>
                    <Progress value={host.used_percent} size="xs" color={host.used_percent > 90 ? 'red' : undefined} aria-label={percent(host.used_percent)} />
                  </>
                )}
              </Table.Td>
              <Table.Td>
                <Trend values={host.spark} label={t('hosts.column.trend')} />
              </Table.Td>
              <Table.Td>{host.verdict && t(`domain.cause.${host.verdict.cause}`)}</Table.Td>
              <Table.Td>
                <TimeLeft at={host.verdict?.leak ? host.verdict.exhaustion : undefined} full={host.verdict?.leak && host.verdict.cause === 'exhausted'} />
              </Table.Td>
              <Table.Td>
                <Text size="sm">{host.collectors.join(', ')}</Text>
                {host.missing > 0 && (
                  <Text size="xs" c="dimmed">
                    {t('hosts.missing', { count: host.missing })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <When at={host.last_seen_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
