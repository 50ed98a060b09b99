import { Group, MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { usePolicies, useSaveSilence, useTargets } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { parseCondition, writeCondition } from '@/lib/conditions'
import { fromLocal, toLocal } from '@/lib/local'

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

/** SilenceForm writes a silence: what it is about, and when. */
export function SilenceForm({ silence: s, close }: { silence?: Schemas['Silence']; close: () => void }) {
  const { t } = useTranslation()
  const policies = usePolicies()
  const targets = useTargets()
  const form = useForm({
    initialValues: {
      name: s?.name ?? '',
      objects: s?.match.objects ?? [],
      attributes: (s?.match.attributes ?? []).map(writeCondition),
      policies: s?.policies ?? [],
      from: s?.period.from ? toLocal(s.period.from) : '',
      to: s?.period.to ? toLocal(s.period.to) : '',
      cron: s?.period.cron ?? '',
      hours: (s?.period.for_seconds ?? 2 * 3600) / 3600,
      zone: s?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      before: (s?.notice_before_seconds ?? 0) / 60,
      notice_targets: s?.notice_targets ?? [],
    },
  })
  const save = useSaveSilence(s?.id)
  const submit = () => {
    const v = form.getValues()
    save.mutate(
      {
        name: v.name.trim(),
        match: { ...s?.match, objects: v.objects.length > 0 ? v.objects : undefined, attributes: v.attributes.flatMap((text) => parseCondition(text) ?? []) },
        policies: v.policies,
        period: { from: fromLocal(v.from), to: fromLocal(v.to), ...(v.cron.trim() && { cron: v.cron.trim(), for_seconds: Math.round(v.hours * 3600) }) },
        time_zone: v.zone || undefined,
        notice_before_seconds: Math.round(v.before * 60),
        notice_targets: v.notice_targets,
      },
      { onSuccess: close },
    )
  }
  return (
    <Ask title={t(s ? 'alerts.silence.edit' : 'alerts.silence.new')} go={t('shell.action.save')} busy={save.isPending} error={save.error} disabled={form.values.name.trim() === ''} close={close} submit={submit}>
      <TextInput label={t('alerts.silence.name')} required data-autofocus {...form.getInputProps('name')} />
      <TagsInput label={t('alerts.silence.objects')} {...form.getInputProps('objects')} />
      <TagsInput label={t('alerts.silence.attributes')} {...form.getInputProps('attributes')} />
      <MultiSelect label={t('alerts.tab.policies')} data={(policies.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }))} {...form.getInputProps('policies')} />
      <Group grow>
        <TextInput type="datetime-local" label={t('alerts.silence.from')} {...form.getInputProps('from')} />
        <TextInput type="datetime-local" label={t('alerts.silence.to')} {...form.getInputProps('to')} />
      </Group>
      <Group grow>
        <TextInput label={t('alerts.silence.cron')} placeholder="0 22 * * *" {...form.getInputProps('cron')} />
        <NumberInput label={t('alerts.silence.hours')} min={0.1} max={720} disabled={form.values.cron.trim() === ''} {...form.getInputProps('hours')} />
      </Group>
      <Select label={t('alerts.silence.zone')} data={zones} searchable limit={100} {...form.getInputProps('zone')} />
      <Group grow align="start">
        <MultiSelect label={t('alerts.silence.before')} data={(targets.data?.items ?? []).map((target) => ({ value: target.id, label: target.name }))} {...form.getInputProps('notice_targets')} />
        <NumberInput label={t('alerts.silence.before_minutes')} min={0} max={10_080} {...form.getInputProps('before')} />
      </Group>
    </Ask>
  )
}
