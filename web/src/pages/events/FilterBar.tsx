import { Button, CloseButton, Group, MultiSelect, Pill, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fromLocal, toLocal } from '@/lib/local'
import { shape, type Filter } from './filter'

const typing = 300 // ms until what is typed is looked for

/** FilterBar changes what the list shows; all of it lies in the address. */
export function FilterBar({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string>() // while the field has the focus
  const text = typed ?? filter.q
  const look = useDebouncedCallback((q: string) => change({ q }), typing)
  const fields = (['host', 'culprit', 'inspection', 'incident'] as const).filter((name) => filter[name] !== '')
  const narrowed = fields.length + filter.is.length + filter.not.length + filter.level.length + filter.kind.length > 0 || filter.q !== '' || filter.from !== '' || filter.to !== ''
  return (
    <>
      <Group gap="xs" align="end">
        <SegmentedControl
          aria-label={t('events.status_label')}
          data={(['open', 'recovered', 'all'] as const).map((value) => ({ value, label: t(`events.status.${value}`) }))}
          value={filter.status}
          onChange={(status) => change({ status: status as Filter['status'] })}
        />
        <TextInput
          flex="1 1 200px"
          aria-label={t('events.search')}
          placeholder={t('events.search')}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(e) => {
            setTyped(e.currentTarget.value)
            look(e.currentTarget.value)
          }}
          onBlur={() => {
            look.flush()
            setTyped(undefined)
          }}
          rightSection={text !== '' && <CloseButton size="sm" aria-label={t('shell.action.clear')} onClick={() => (setTyped(undefined), change({ q: '' }))} />}
        />
        <MultiSelect
          flex="1 1 150px"
          maw={220}
          aria-label={t('events.level')}
          placeholder={filter.level.length === 0 ? t('events.level') : undefined}
          data={(['critical', 'error', 'warning', 'info'] as const).map((value) => ({ value, label: t(`domain.level.${value}`) }))}
          value={filter.level}
          onChange={(level) => change({ level })}
        />
        <MultiSelect
          flex="1 1 150px"
          maw={220}
          aria-label={t('events.kind')}
          placeholder={filter.kind.length === 0 ? t('events.kind') : undefined}
          data={(['host', 'process', 'container', 'pod', 'kernel', 'check'] as const).map((value) => ({ value, label: t(`domain.kind.${value}`) }))}
          value={filter.kind}
          onChange={(kind) => change({ kind })}
        />
        <Select
          flex="1 1 150px"
          maw={220}
          aria-label={t('events.sort.label')}
          data={(['opened', 'level', 'exhaustion'] as const).map((value) => ({ value, label: t(`events.sort.${value}`) }))}
          value={filter.sort}
          allowDeselect={false}
          onChange={(sort) => change({ sort: (sort ?? 'opened') as Filter['sort'] })}
        />
        <When name="from" value={filter.from} change={(from) => change({ from })} />
        <When name="to" value={filter.to} change={(to) => change({ to })} />
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
            <Part key={name} text={`${name}: ${filter[name]}`} remove={() => change({ [name]: shape[name].fallback })} />
          ))}
          {filter.is.map((a) => (
            <Part key={`is ${a}`} text={a} remove={() => change({ is: filter.is.filter((other) => other !== a) })} />
          ))}
          {filter.not.map((a) => (
            <Part key={`not ${a}`} text={`≠ ${a}`} remove={() => change({ not: filter.not.filter((other) => other !== a) })} />
          ))}
        </Group>
      )}
    </>
  )
}

function Part({ text, remove }: { text: string; remove: () => void }) {
  const { t } = useTranslation()
  return (
    <Pill size="md" withRemoveButton onRemove={remove} removeButtonProps={{ 'aria-label': t('events.remove', { attribute: text.slice(0, 80) }), tabIndex: 0 }} maw={360}>
      <bdi>{text}</bdi>
    </Pill>
  )
}

function When({ name, value, change }: { name: 'from' | 'to'; value: string; change: (value: string) => void }) {
  const { t } = useTranslation()
  return (
    <TextInput
      type="datetime-local"
      flex="1 1 150px"
      maw={220}
      aria-label={t(`events.${name}`)}
      title={t(`events.${name}`)}
      value={toLocal(value)}
      onChange={(e) => change(fromLocal(e.currentTarget.value) ?? '')}
    />
  )
}
