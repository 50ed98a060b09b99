import { ActionIcon, Button, Group, Input, MultiSelect, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useInspections } from '@/api/inspections'
import { unfinished, type ConditionForm, type MatchForm } from './match'

type Props = { match: MatchForm; change: (match: MatchForm) => void }

/** MatchFields choose events: by inspection, by object, by attributes that they have or must not have. */
export function MatchFields({ match, change }: Props) {
  const { t } = useTranslation()
  const inspections = useInspections()
  const set = (part: Partial<MatchForm>) => change({ ...match, ...part })
  const setCondition = (i: number, c: ConditionForm) => set({ attributes: match.attributes.map((other, k) => (k === i ? c : other)) })
  return (
    <>
      <MultiSelect
        label={t('alerts.match.inspections')}
        placeholder={match.inspections.length === 0 ? t('alerts.match.all') : undefined}
        data={(inspections.data?.items ?? []).map((i) => ({ value: i.id, label: i.name }))}
        searchable
        value={match.inspections}
        onChange={(ids) => set({ inspections: ids })}
      />
      <TagsInput
        label={t('alerts.match.objects')}
        description={t('alerts.match.objects_text')}
        placeholder={match.objects.length === 0 ? t('alerts.match.all') : undefined}
        acceptValueOnBlur
        value={match.objects}
        onChange={(objects) => set({ objects })}
      />
      <Stack gap="xs" role="group" aria-label={t('alerts.match.attributes')}>
        <div>
          <Input.Label>{t('alerts.match.attributes')}</Input.Label>
          <Input.Description>{t('alerts.match.attributes_text')}</Input.Description>
        </div>
        {match.attributes.map((c, i) => (
          <Condition key={i} condition={c} change={(to) => setCondition(i, to)} remove={() => set({ attributes: match.attributes.filter((_, k) => k !== i) })} />
        ))}
        <Group>
          <Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} onClick={() => set({ attributes: [...match.attributes, { key: '', not: false, values: [] }] })}>
            {t('alerts.match.add')}
          </Button>
        </Group>
      </Stack>
    </>
  )
}

function Condition({ condition: c, change, remove }: { condition: ConditionForm; change: (c: ConditionForm) => void; remove: () => void }) {
  const { t } = useTranslation()
  const lacks = unfinished(c)
  return (
    <Group gap="xs" align="start">
      <TextInput
        flex="1 1 120px"
        aria-label={t('alerts.match.key')}
        placeholder={t('alerts.match.key')}
        error={lacks && c.key.trim() === '' && t('alerts.match.key_missing')}
        value={c.key}
        onChange={(e) => change({ ...c, key: e.currentTarget.value })}
      />
      <Select
        w={110}
        aria-label={t('alerts.match.how')}
        data={(['is', 'not'] as const).map((value) => ({ value, label: t(`alerts.match.how_kind.${value}`) }))}
        allowDeselect={false}
        value={c.not ? 'not' : 'is'}
        onChange={(how) => change({ ...c, not: how === 'not' })}
      />
      <TagsInput
        flex="2 1 160px"
        aria-label={t('alerts.match.values')}
        placeholder={c.values.length === 0 ? t('alerts.match.values') : undefined}
        error={lacks && c.values.length === 0 && t('alerts.match.values_missing')}
        acceptValueOnBlur
        value={c.values}
        onChange={(values) => change({ ...c, values })}
      />
      <ActionIcon variant="subtle" color="red" size={36} aria-label={t('alerts.match.remove', { key: c.key })} onClick={remove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}
