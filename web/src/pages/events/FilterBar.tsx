import { Button, Group, MultiSelect, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { IconFilter, IconFilterOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEventCounts } from '@/api/events'
import { useInspections } from '@/api/inspections'
import { Counted, counted } from '@/components/Counted'
import { FilterPart } from '@/components/FilterPart'
import { Search } from '@/components/Search'
import { fromLocal, toLocal } from '@/lib/local'
import { AttributeField } from './AttributeField'
import classes from './EventsPage.module.css'
import { query, shape, type Filter } from './filter'

/** FilterBar changes what the list shows; all of it lies in the address. */
export function FilterBar({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false) // on a phone; on a desk all is in sight
  const hidden = [filter.level.length > 0, filter.kind.length > 0, filter.sort !== 'opened', filter.from !== '', filter.to !== ''].filter(Boolean).length
  const counts = useFilterCounts(filter)
  const inspections = useInspections(filter.inspection !== '')
  const named = (name: (typeof fields)[number]) => (name === 'inspection' ? (inspections.data?.items.find((i) => i.id === filter.inspection)?.name ?? filter.inspection) : filter[name])
  const fields = (['host', 'culprit', 'inspection', 'incident'] as const).filter((name) => filter[name] !== '')
  const narrowed = fields.length + filter.is.length + filter.not.length + filter.level.length + filter.kind.length > 0 || filter.q !== '' || filter.from !== '' || filter.to !== ''
  return (
    <>
      <Group gap="xs" align="end">
        <SegmentedControl
          aria-label={t('events.status_label')}
          data={(['open', 'recovered', 'all'] as const).map((value) => ({ value, label: <Counted name={t(`events.status.${value}`)} count={value === 'all' || !counts.status ? undefined : (counts.status[value] ?? 0)} /> }))}
          value={filter.status}
          onChange={(status) => change({ status: status as Filter['status'] })}
        />
        <Button hiddenFrom="sm" variant={hidden > 0 ? 'light' : 'default'} px="sm" leftSection={<IconFilter size={16} />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {hidden > 0 ? t('events.filters_set', { count: hidden }) : t('events.filters')}
        </Button>
        <Search label={t('events.search')} value={filter.q} look={(q) => change({ q })} flex="2 1 260px" />
        <div className={classes.more} data-open={open || undefined}>
          <MultiSelect
            flex="1 1 150px"
            maw={{ sm: 220 }}
            aria-label={t('events.level')}
            placeholder={filter.level.length === 0 ? t('events.level') : undefined}
            data={(['critical', 'error', 'warning', 'info'] as const).map((value) => ({ value, label: t(`domain.level.${value}`) }))}
            renderOption={counted(counts.level)}
            value={filter.level}
            onChange={(level) => change({ level })}
          />
          <MultiSelect
            flex="1 1 150px"
            maw={{ sm: 220 }}
            aria-label={t('events.kind')}
            placeholder={filter.kind.length === 0 ? t('events.kind') : undefined}
            data={(['host', 'process', 'container', 'pod', 'kernel', 'check'] as const).map((value) => ({ value, label: t(`domain.kind.${value}`) }))}
            renderOption={counted(counts.kind)}
            value={filter.kind}
            onChange={(kind) => change({ kind })}
          />
          <Select
            hiddenFrom="sm" // where there are columns, they do it
            flex="1 1 150px"
            aria-label={t('events.sort.label')}
            data={(['opened', 'level', 'exhaustion'] as const).map((value) => ({ value, label: t(`events.sort.${value}`) }))}
            value={filter.sort}
            allowDeselect={false}
            onChange={(sort) => change({ sort: (sort ?? 'opened') as Filter['sort'] })}
          />
          <AttributeField filter={filter} change={change} />
          <When name="from" value={filter.from} change={(from) => change({ from })} />
          <When name="to" value={filter.to} change={(to) => change({ to })} />
        </div>
        {narrowed && (
          <Button
            variant="subtle"
            leftSection={<IconFilterOff size={16} />}
            onClick={() => change({ level: [], kind: [], host: '', inspection: '', culprit: '', incident: '', q: '', is: [], not: [], from: '', to: '' })}
          >
            {t('events.clear')}
          </Button>
        )}
      </Group>
      {fields.length + filter.is.length + filter.not.length > 0 && (
        <Group gap={6}>
          {fields.map((name) => (
            <FilterPart key={name} text={t(`events.field.${name}`, { value: named(name) })} remove={() => change({ [name]: shape[name].fallback })} />
          ))}
          {filter.is.map((a) => (
            <FilterPart key={`is ${a}`} text={a} remove={() => change({ is: filter.is.filter((other) => other !== a) })} />
          ))}
          {filter.not.map((a) => (
            <FilterPart key={`not ${a}`} text={`≠ ${a}`} remove={() => change({ not: filter.not.filter((other) => other !== a) })} />
          ))}
        </Group>
      )}
    </>
  )
}

// useFilterCounts counts the events of each choice, as they would be with the rest of the filter.
function useFilterCounts(filter: Filter) {
  const of = (part: Partial<Filter>) => query({ ...filter, ...part, sort: 'opened' })
  const status = useEventCounts(of({ status: 'all' }))
  const level = useEventCounts(of({ level: [] }))
  const kind = useEventCounts(of({ kind: [] }))
  return { status: status.data?.by_status, level: level.data?.by_level, kind: kind.data?.by_kind }
}

function When({ name, value, change }: { name: 'from' | 'to'; value: string; change: (value: string) => void }) {
  const { t } = useTranslation()
  return (
    <TextInput
      type="datetime-local"
      flex="1 1 150px"
      maw={{ sm: 220 }}
      aria-label={t(`events.${name}`)}
      leftSection={<Text size="xs" c="dimmed" children={t(`events.short.${name}`)} />}
      leftSectionWidth={44}
      value={toLocal(value)}
      onChange={(e) => change(fromLocal(e.currentTarget.value) ?? '')}
    />
  )
}
