import { Button, Group, MultiSelect, Select, Stack, Text } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useHostCounts, useHosts } from '@/api/hosts'
import { counted } from '@/components/Counted'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { Rows, RowsWaiting } from '@/components/Rows'
import { Search } from '@/components/Search'
import { read, write } from '@/lib/address'
import { visit } from '@/lib/visited'
import { HostHead, HostRow } from './HostRow'
import classes from './HostsPage.module.css'
import { query, shape, states, type Filter } from './filter'

const nameOf = (host: Schemas['Host']) => host.name

/** HostsPage lists the hosts with their memory, verdict and time left. */
export function HostsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const filter = useMemo(() => read(shape, search), [search])
  useEffect(() => visit('/hosts', search), [search])
  const change = (part: Partial<Filter>) => void navigate({ to: '/hosts', search: write(shape, { ...filter, ...part }) as never, replace: part.q !== undefined })
  const hosts = useHosts(query(filter))
  const counts = useHostCounts()
  const rows = useMemo(() => hosts.data?.pages.flatMap((page) => page.items) ?? [], [hosts.data])
  return (
    <Stack gap="sm">
      <Group align="baseline" gap="xs">
        <Heading name={t('hosts.title')} />
        {counts.data && (
          <Text size="sm" c="dimmed">
            {t('hosts.count', { count: counts.data.total })}
          </Text>
        )}
      </Group>
      <Controls filter={filter} change={change} counts={counts.data?.by_state} />
      {hosts.error && <Failure error={hosts.error} retry={() => void hosts.refetch()} />}
      {hosts.isPending && !hosts.error && <RowsWaiting />}
      {hosts.data && rows.length === 0 && <Nothing filtered={filter.q !== '' || filter.state.length > 0} clear={() => change({ q: '', state: [] })} />}
      {rows.length > 0 && (
        <Rows
          label={t('hosts.title')}
          columns={classes.columns!}
          items={rows}
          id={nameOf}
          scope={hosts.isPlaceholderData ? '' : JSON.stringify(query(filter))}
          more={hosts.hasNextPage && !hosts.isFetchingNextPage ? () => void hosts.fetchNextPage() : undefined}
          head={<HostHead filter={filter} change={change} />}
          row={(host) => <HostRow host={host} />}
        />
      )}
    </Stack>
  )
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t } = useTranslation()
  if (filtered)
    return (
      <Empty title={t('hosts.none_match')}>
        <Button variant="default" size="xs" onClick={clear}>
          {t('events.clear')}
        </Button>
      </Empty>
    )
  return (
    <Empty title={t('hosts.none')} text={t('hosts.none_text')}>
      <Button component={Link} to="/welcome">
        {t('overview.begin')}
      </Button>
    </Empty>
  )
}

function Controls({ filter, change, counts }: { filter: Filter; change: (part: Partial<Filter>) => void; counts: Record<string, number> | undefined }) {
  const { t } = useTranslation()
  return (
    <Group gap="xs">
      <Search label={t('hosts.search')} value={filter.q} look={(q) => change({ q })} />
      <MultiSelect
        flex="1 1 140px"
        maw={{ sm: 220 }}
        aria-label={t('hosts.state')}
        placeholder={filter.state.length === 0 ? t('hosts.state') : undefined}
        data={states.map((value) => ({ value, label: t(`overview.state.${value}`) }))}
        renderOption={counted(counts)}
        value={filter.state}
        onChange={(state) => change({ state })}
      />
      <Select
        hiddenFrom="sm" // where there are columns, they do it
        flex="1 1 140px"
        aria-label={t('hosts.sort.label')}
        data={(['name', 'level', 'value', 'exhaustion', 'seen'] as const).map((value) => ({ value, label: t(`hosts.sort.${value}`) }))}
        value={filter.sort}
        allowDeselect={false}
        onChange={(sort) => change({ sort: (sort ?? 'name') as Filter['sort'] })}
      />
    </Group>
  )
}
