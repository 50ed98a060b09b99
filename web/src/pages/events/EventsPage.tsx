import { Affix, Button, Checkbox, Group, Menu, Paper, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useEventCounts, useEvents, useRecover } from '@/api/events'
import { useOverview } from '@/api/overview'
import { useMay } from '@/api/session'
import { Ask } from '@/components/Ask'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { NoData } from '@/components/NoData'
import { Rows, RowsWaiting } from '@/components/Rows'
import { SortHead } from '@/components/SortHead'
import { read, write } from '@/lib/address'
import { visit } from '@/lib/visited'
import { EventRow } from './EventRow'
import { FilterBar } from './FilterBar'
import { query, shape, type Filter } from './filter'
import { exportAddress } from './exportAddress'
import classes from './EventsPage.module.css'

/** EventsPage is the list of events as the address wants it. */
export function EventsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const filter = useMemo(() => read(shape, search), [search])
  useEffect(() => visit('/events', search), [search])
  const change = useCallback(
    (part: Partial<Filter>) => void navigate({ to: '/events', search: write(shape, { ...filter, ...part }) as never, replace: part.q !== undefined }),
    [filter, navigate],
  )

  const asked = useMemo(() => ({ ...query(filter), trend: true }), [filter])
  const events = useEvents(asked)
  const counts = useEventCounts(asked)
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.items) ?? [], [events.data])
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const may = useMay('editor')
  const select = useCallback(
    (id: string, on: boolean) =>
      setSelected((before) => {
        const next = new Set(before)
        if (on) next.add(id)
        else next.delete(id)
        return next
      }),
    [],
  )
  const chosen = rows.filter((e) => selected.has(e.id) && e.status === 'open')
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set())
  const recovered = useCallback((ids: string[]) => {
    setDismissed((before) => new Set([...before, ...ids]))
    setSelected(new Set())
  }, [])

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group align="baseline" gap="xs">
          <Heading name={t('events.title')} />
          {counts.data && (
            <Text c="dimmed" size="sm">
              {t('events.count', { count: counts.data.total })}
            </Text>
          )}
        </Group>
        <ExportMenu filter={filter} />
      </Group>
      <FilterBar filter={filter} change={change} />
      {events.error && <Failure error={events.error} retry={() => void events.refetch()} />}
      {events.isPending && !events.error && <RowsWaiting />}
      {events.data && rows.length === 0 && <Nothing filter={filter} />}
      {rows.length > 0 && (
        <Rows
          label={t('events.title')}
          columns={classes.columns!}
          items={rows}
          id={idOf}
          scope={events.isPlaceholderData ? '' : JSON.stringify(asked)}
          dismissed={dismissed}
          more={events.hasNextPage && !events.isFetchingNextPage ? () => void events.fetchNextPage() : undefined}
          head={
            <Head filter={filter} change={change}>
              {may && (
                <Checkbox
                  size="xs"
                  aria-label={t('events.select_all')}
                  checked={chosen.length > 0 && chosen.length === rows.filter((e) => e.status === 'open').length}
                  onChange={(c) => setSelected(c.currentTarget.checked ? new Set(rows.map((e) => e.id)) : new Set())}
                />
              )}
            </Head>
          }
          row={(e) => <EventRow event={e} filter={filter} change={change} selected={selected.has(e.id)} select={may ? select : undefined} />}
        />
      )}
      {chosen.length > 0 && <Selection ids={chosen.map((e) => e.id)} clear={() => setSelected(new Set())} recovered={recovered} />}
    </Stack>
  )
}

const idOf = (e: Schemas['EventSummary']) => e.id

// The orders of the list, by the column that they go by.
const orders = { level: ['level', 'descending'], left: ['exhaustion', 'ascending'], opened: ['opened', 'descending'] } as const

// Head names the columns; of events that are over, when they ended stands where others have the time left.
function Head({ filter, change, children }: { filter: Filter; change: (part: Partial<Filter>) => void; children: React.ReactNode }) {
  const { t } = useTranslation()
  const over = filter.status === 'recovered'
  return (
    <>
      <div role="columnheader">{children}</div>
      {(['level', 'event', 'culprit', 'trend', 'growth', 'left', 'opened'] as const).map((name) => {
        const text = t(`events.column.${over && name === 'left' ? 'recovered' : name}`)
        if (!(name in orders) || (over && name === 'left'))
          return (
            <div key={name} role="columnheader" className={classes[name]}>
              {text}
            </div>
          )
        const [sort, direction] = orders[name as keyof typeof orders]
        return <SortHead key={name} name={text} className={classes[name]} order={t(`events.sort.${sort}`)} direction={direction} sorted={filter.sort === sort} sort={() => change({ sort })} />
      })}
      <div role="columnheader" aria-label={t('events.actions')} />
    </>
  )
}

function Nothing({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  const overview = useOverview()
  const plain = JSON.stringify(write(shape, { ...filter, sort: 'opened' })) === '{}'
  if (overview.isPending) return <RowsWaiting />
  if (overview.data?.has_data === false) return <NoData /> // that nothing leaks is not known
  return plain ? <Empty title={t('events.none_open')} text={t('events.none_open_text')} /> : <Empty title={t('events.none')} text={t('events.none_text')} />
}

function ExportMenu({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconDownload size={14} />}>
          {t('events.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'json'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={exportAddress(filter, format)} download>
            {t(`events.export_${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

// Selection is what can be done with the events that are ticked. It lies over the page, so that no row moves when it comes.
function Selection({ ids, clear, recovered }: { ids: string[]; clear: () => void; recovered: (ids: string[]) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const recover = useRecover((done) => {
    notifications.show({ color: 'teal', message: t('events.recovered_done', { count: done.recovered.length }) })
    if (done.failed.length > 0) notifications.show({ color: 'red', message: t('events.recover_failed', { count: done.failed.length }) })
    setOpen(false)
    recovered(done.recovered)
  })
  return (
    <Affix position={{ bottom: 16, left: 0, right: 0 }} className={`${classes.selection} no-print`}>
      <Paper withBorder shadow="md" radius="md" p="xs" role="region" aria-label={t('events.selected', { count: ids.length })}>
        <Group gap="xs">
          <Text size="sm">{t('events.selected', { count: ids.length })}</Text>
          <Button size="xs" onClick={() => setOpen(true)}>
            {t('events.recover')}
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={clear}>
            {t('events.unselect')}
          </Button>
        </Group>
      </Paper>
      {open && (
        <Ask
          title={t('events.recover')}
          text={t('events.recover_text')}
          go={t('events.recover')}
          busy={recover.isPending}
          error={recover.error}
          typed={note.trim() !== ''}
          close={() => setOpen(false)}
          submit={() => recover.mutate({ ids, note })}
        >
          <TextInput label={t('events.recover_note')} value={note} onChange={(e) => setNote(e.currentTarget.value)} data-autofocus />
        </Ask>
      )}
    </Affix>
  )
}
