import { Button, Group, MultiSelect, NumberInput, SimpleGrid, Select, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSavePolicy } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { emptyRule, fromPolicy, toPolicy } from './policy'
import { RuleFields } from './RuleFields'

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
const groups = ['inspection', 'culprit', 'host', 'namespace', 'kind', 'level']

type Props = { policy?: Schemas['Policy']; targets: Schemas['Target'][]; close: () => void }

/** PolicyForm writes a policy: its rules in order, how events are grouped, and when they are told again. */
export function PolicyForm({ policy, targets, close }: Props) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: fromPolicy(policy) })
  const save = useSavePolicy(policy?.id)
  return (
    <Ask
      title={t(policy ? 'alerts.policy.edit' : 'alerts.policy.new')}
      go={t('shell.action.save')}
      busy={save.isPending}
      error={save.error}
      disabled={form.values.name.trim() === ''}
      close={close}
      submit={() => save.mutate(toPolicy(form.getValues()), { onSuccess: close })}
    >
      <TextInput label={t('alerts.policy.name')} required data-autofocus {...form.getInputProps('name')} />
      <TextInput label={t('alerts.policy.description')} {...form.getInputProps('description')} />
      <Text fw={600}>{t('alerts.policy.rules')}</Text>
      <Text size="sm" c="dimmed">
        {t('alerts.policy.rules_text')}
      </Text>
      {form.values.rules.map((_, i) => (
        <RuleFields key={i} form={form} index={i} targets={targets} />
      ))}
      <Group>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => form.insertListItem('rules', emptyRule())}>
          {t('alerts.policy.add_rule')}
        </Button>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput label={t('alerts.policy.window')} description={t('alerts.policy.window_text')} min={0} max={30} {...form.getInputProps('window_minutes')} />
        <NumberInput label={t('alerts.policy.again')} description={t('alerts.policy.again_text')} min={0} max={8760} {...form.getInputProps('again_hours')} />
        <TagsInput label={t('alerts.policy.group_by')} data={groups} {...form.getInputProps('group_by')} />
        <Select label={t('alerts.policy.zone')} data={zones} searchable limit={100} {...form.getInputProps('time_zone')} />
      </SimpleGrid>
      {targets.length === 0 && (
        <MultiSelect label={t('alerts.tab.targets')} data={[]} disabled placeholder={t('alerts.target.none')} />
      )}
    </Ask>
  )
}
