import { Group, MultiSelect, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useHostCounts, useHosts } from '@/api/hosts'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { Rows, RowsWaiting } from '@/components/Rows'
import { read, write } from '@/lib/address'
import { HostHead, HostRow } from './HostRow'
import classes from './HostsPage.module.css'
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
  const rows = useMemo(() => hosts.data?.pages.flatMap((page) => page.items) ?? [], [hosts.data])
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
      {hosts.isPending && !hosts.error && <RowsWaiting />}
      {hosts.data && rows.length === 0 && (filter.q === '' && filter.state.length === 0 ? <Empty title={t('hosts.none')} text={t('hosts.none_text')} /> : <Empty title={t('hosts.none_match')} />)}
      {rows.length > 0 && (
        <Rows
          label={t('hosts.title')}
          columns={classes.columns!}
          count={rows.length}
          more={hosts.hasNextPage && !hosts.isFetchingNextPage ? () => void hosts.fetchNextPage() : undefined}
          head={<HostHead />}
          row={(i) => <HostRow host={rows[i]!} />}
        />
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
