import { ActionIcon, Button, Group, MultiSelect, NumberInput, Paper, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import type { PolicyFormValues } from './policy'

type Props = { form: UseFormReturnType<PolicyFormValues>; index: number; targets: Schemas['Target'][] }

const mostEscalations = 2

/** RuleFields are one rule of a policy. */
export function RuleFields({ form, index, targets }: Props) {
  const { t } = useTranslation()
  const at = `rules.${index}`
  const rule = form.values.rules[index]!
  const number = index + 1
  const who = targets.map((target) => ({ value: target.id, label: target.name }))
  return (
    <Paper withBorder p="sm" radius="md">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text size="sm" fw={600}>
            {t('alerts.policy.rule', { number })}
          </Text>
          <ActionIcon variant="subtle" color="red" aria-label={t('alerts.policy.remove_rule', { number })} onClick={() => form.removeListItem('rules', index)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <TextInput label={t('alerts.policy.rule_name')} {...form.getInputProps(`${at}.name`)} />
        <MultiSelect label={t('alerts.policy.targets')} data={who} searchable {...form.getInputProps(`${at}.targets`)} />
        <MultiSelect
          label={t('alerts.policy.levels')}
          data={(['critical', 'error', 'warning', 'info'] as const).map((value) => ({ value, label: t(`domain.level.${value}`) }))}
          {...form.getInputProps(`${at}.levels`)}
        />
        <TagsInput label={t('alerts.policy.objects')} {...form.getInputProps(`${at}.objects`)} />
        <TagsInput label={t('alerts.policy.attributes')} {...form.getInputProps(`${at}.attributes`)} />
        <Group grow>
          <TextInput label={t('alerts.policy.times')} placeholder="0 22 * * *" {...form.getInputProps(`${at}.cron`)} />
          <NumberInput label={t('alerts.policy.hours')} min={0.1} max={168} disabled={rule.cron.trim() === ''} {...form.getInputProps(`${at}.hours`)} />
        </Group>
        {rule.escalations.map((_, i) => (
          <Group key={i} align="end" gap="xs">
            <NumberInput w={120} label={t('alerts.policy.after')} min={1} max={10_080} {...form.getInputProps(`${at}.escalations.${i}.after`)} />
            <Select
              w={140}
              label={t('alerts.policy.unless')}
              allowDeselect={false}
              data={(['recovered', 'acknowledged'] as const).map((value) => ({ value, label: t(`alerts.policy.unless_kind.${value}`) }))}
              {...form.getInputProps(`${at}.escalations.${i}.unless`)}
            />
            <MultiSelect flex={1} label={t('alerts.policy.targets')} data={who} {...form.getInputProps(`${at}.escalations.${i}.targets`)} />
            <ActionIcon variant="subtle" color="red" size={36} aria-label={t('alerts.policy.remove_escalation')} onClick={() => form.removeListItem(`${at}.escalations`, i)}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        {rule.escalations.length < mostEscalations && (
          <Group>
            <Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} onClick={() => form.insertListItem(`${at}.escalations`, { after: 30, unless: 'acknowledged', targets: [] })}>
              {t('alerts.policy.add_escalation')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
