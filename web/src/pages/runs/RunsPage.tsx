import { Group, Select, Stack } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useRuns } from '@/api/runs'
import { useInspections } from '@/api/inspections'
import { useTriggers } from '@/api/triggers'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { FilterPart } from '@/components/FilterPart'
import { Heading } from '@/components/Heading'
import { Rows, RowsWaiting } from '@/components/Rows'
import { oneOf, read, text, write, type State } from '@/lib/address'
import { visit } from '@/lib/visited'
import { RunHead, RunRow } from './RunRow'
import classes from './RunsPage.module.css'

const statuses = ['success', 'failure', 'timeout', 'skipped', 'expired', 'running', 'pending'] as const
const shape = { status: oneOf(['all', ...statuses], 'all'), inspection: text(), trigger: text() }

const idOf = (run: Schemas['Run']) => run.id

/** RunsPage lists what was executed, of one inspection or of all. */
export function RunsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const filter = useMemo(() => read(shape, search), [search])
  useEffect(() => visit('/runs', search), [search])
  const runs = useRuns({
    inspection_id: filter.inspection || undefined,
    trigger: filter.trigger || undefined,
    status: filter.status === 'all' ? undefined : [filter.status],
  })
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data])
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Heading name={t('runs.title')} />
        <Select
          w={180}
          aria-label={t('runs.filter')}
          data={[{ value: 'all', label: t('runs.all') }, ...statuses.map((value) => ({ value, label: t(`domain.run.${value}`) }))]}
          value={filter.status}
          allowDeselect={false}
          onChange={(status) => void navigate({ to: '/runs', search: write(shape, { ...filter, status: (status ?? 'all') as 'all' }) as never })}
        />
      </Group>
      <Of filter={filter} remove={(name) => void navigate({ to: '/runs', search: write(shape, { ...filter, [name]: '' }) as never })} />
      {runs.error && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isPending && !runs.error && <RowsWaiting />}
      {runs.data && rows.length === 0 && <Empty title={t('runs.none')} text={t('runs.none_text')} />}
      {rows.length > 0 && (
        <Rows
          label={t('runs.title')}
          columns={classes.columns!}
          items={rows}
          id={idOf}
          scope={runs.isPlaceholderData ? '' : JSON.stringify(filter)}
          more={runs.hasNextPage && !runs.isFetchingNextPage ? () => void runs.fetchNextPage() : undefined}
          head={<RunHead />}
          row={(run) => <RunRow run={run} />}
        />
      )}
    </Stack>
  )
}

// Of says of which inspection or trigger the runs are, where an address asks for those of one.
function Of({ filter, remove }: { filter: State<typeof shape>; remove: (name: 'inspection' | 'trigger') => void }) {
  const { t } = useTranslation()
  const inspections = useInspections()
  const triggers = useTriggers()
  if (filter.inspection === '' && filter.trigger === '') return null
  const inspection = inspections.data?.items.find((i) => i.id === filter.inspection)?.name
  const trigger = triggers.data?.items.find((one) => one.id === filter.trigger)
  return (
    <Group gap={6}>
      {filter.inspection !== '' && <FilterPart text={t('events.field.inspection', { value: inspection ?? filter.inspection })} remove={() => remove('inspection')} />}
      {filter.trigger !== '' && <FilterPart text={t('runs.field_trigger', { value: trigger ? trigger.title || trigger.function : filter.trigger })} remove={() => remove('trigger')} />}
    </Group>
  )
}
