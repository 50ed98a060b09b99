import { Divider, Group, MultiSelect, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePolicies, useSaveSilence, useTargets, type Edited } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { unfinished } from './match'
import { MatchFields } from './MatchFields'
import { PeriodFields } from './PeriodFields'
import { fromSilence, telling, toSilence, type SilenceForm as Form } from './silence'
import { ZoneSelect } from './ZoneSelect'

const kinds = ['now', 'dates', 'again'] as const

type Props = { edited?: Edited<Schemas['Silence']>; reload: () => void; close: () => void }

/** SilenceForm writes a silence: what it is about, when, and who is told before it begins. */
export function SilenceForm({ edited, reload, close }: Props) {
  const { t } = useTranslation()
  const silence = edited?.data
  const policies = usePolicies()
  const targets = useTargets()
  const [before] = useState(() => fromSilence(silence))
  const [form, setForm] = useState(before)
  const told = telling(form, targets.data?.items)
  const set = (part: Partial<Form>) => setForm({ ...form, ...part })
  const save = useSaveSilence(edited && { id: edited.data.id, version: edited.version })
  return (
    <Ask
      title={t(silence ? 'alerts.silence.edit' : 'alerts.silence.new')}
      go={t('shell.action.save')}
      size="lg"
      busy={save.isPending}
      error={save.error}
      disabled={form.name.trim() === '' || form.match.attributes.some(unfinished)}
      typed={form !== before}
      reload={reload}
      close={close}
      submit={() => save.mutate(toSilence(told), { onSuccess: close })}
    >
      <TextInput label={t('alerts.silence.name')} placeholder={t('alerts.silence.name_text')} required maxLength={200} data-autofocus data-path="name" value={form.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      <Divider label={t('alerts.silence.when')} labelPosition="left" />
      <PeriodFields period={form.period} change={(period) => set({ period })} zone={form.zone} kinds={silence ? kinds.slice(1) : kinds} />
      <ZoneSelect value={form.zone} change={(zone) => set({ zone })} />
      <Divider label={t('alerts.silence.about')} labelPosition="left" />
      <MultiSelect
        label={t('alerts.tab.policies')}
        placeholder={form.policies.length === 0 ? t('alerts.match.all') : undefined}
        data={(policies.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }))}
        value={form.policies}
        onChange={(ids) => set({ policies: ids })}
      />
      <MatchFields match={form.match} change={(match) => set({ match })} />
      {form.period.kind !== 'now' && (
        <>
          <Divider label={t('alerts.silence.notice')} labelPosition="left" />
          <Group align="end" gap="xs">
            <MultiSelect flex="2 1 200px" label={t('alerts.silence.before')} searchable data={(targets.data?.items ?? []).map((target) => ({ value: target.id, label: target.name }))} value={told.tell} onChange={(tell) => set({ tell })} />
            <NumberInput flex="1 1 130px" label={t('alerts.silence.before_minutes')} min={1} max={10_080} disabled={told.tell.length === 0} value={form.before} onChange={(before) => set({ before })} />
          </Group>
        </>
      )}
    </Ask>
  )
}
