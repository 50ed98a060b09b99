import { Button, Group, NumberInput, SimpleGrid, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSavePolicy, type Edited } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { unfinished } from './match'
import { emptyRule, fromPolicy, toPolicy } from './policy'
import { RuleFields } from './RuleFields'
import { ZoneSelect } from './ZoneSelect'

const groups = ['inspection', 'culprit', 'object', 'level', 'host', 'kind', 'namespace']

type Props = { edited?: Edited<Schemas['Policy']>; reload: () => void; targets: Schemas['Target'][]; close: () => void }

/** PolicyForm writes a policy: its rules in order, how events are grouped, and when they are told again. */
export function PolicyForm({ edited, reload, targets, close }: Props) {
  const { t } = useTranslation()
  const policy = edited?.data
  const form = useForm({ initialValues: fromPolicy(policy) })
  const save = useSavePolicy(edited && { id: edited.data.id, version: edited.version })
  const { rules } = form.values
  const [open, setOpen] = useState(rules.length === 1 ? [rules[0]!.key] : []) // several begin closed, to be seen in their order
  const dragged = useRef<number>(undefined) // index of the rule that is taken by its handle
  const move = (from: number, to: number) => form.reorderListItem('rules', { from, to })
  const add = () => {
    const rule = emptyRule()
    form.insertListItem('rules', rule)
    setOpen([...open, rule.key])
  }
  const lacking = rules.some((rule) => rule.match.attributes.some(unfinished) || rule.escalations.some((e) => e.targets.length === 0))
  return (
    <Ask
      title={t(policy ? 'alerts.policy.edit' : 'alerts.policy.new')}
      go={t('shell.action.save')}
      size="xl"
      busy={save.isPending}
      error={save.error}
      disabled={form.values.name.trim() === '' || lacking}
      typed={form.isDirty()}
      reload={reload}
      close={close}
      submit={() => save.mutate(toPolicy(form.getValues()), { onSuccess: close })}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('alerts.policy.name')} required maxLength={200} data-autofocus {...form.getInputProps('name')} />
        <TextInput label={t('alerts.policy.description')} {...form.getInputProps('description')} />
      </SimpleGrid>
      <div>
        <Text fw={600}>{t('alerts.policy.rules')}</Text>
        <Text size="sm" c="dimmed">
          {t('alerts.policy.rules_text')}
        </Text>
      </div>
      <Stack gap="xs">
        {rules.map((rule, i) => (
          <div
            key={rule.key}
            onDragOver={(e) => dragged.current !== undefined && e.preventDefault()}
            onDrop={() => (dragged.current = undefined)}
            onDragEnd={() => (dragged.current = undefined)}
            onDragEnter={() => {
              if (dragged.current === undefined || dragged.current === i) return
              move(dragged.current, i)
              dragged.current = i
            }}
          >
            <RuleFields
              rule={rule}
              index={i}
              last={i === rules.length - 1}
              zone={form.values.time_zone}
              targets={targets}
              open={open.includes(rule.key)}
              change={(to) => form.setFieldValue(`rules.${i}`, to)}
              toggle={() => setOpen(open.includes(rule.key) ? open.filter((key) => key !== rule.key) : [...open, rule.key])}
              move={(to) => move(i, to)}
              drag={() => (dragged.current = i)}
              remove={() => form.removeListItem('rules', i)}
            />
          </div>
        ))}
        <Group>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            {t('alerts.policy.add_rule')}
          </Button>
        </Group>
      </Stack>
      <Text fw={600}>{t('alerts.policy.together')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput label={t('alerts.policy.window')} description={t('alerts.policy.window_text')} min={0} max={30} {...form.getInputProps('window_minutes')} />
        <TagsInput label={t('alerts.policy.group_by')} description={t('alerts.policy.group_text')} data={groups} {...form.getInputProps('group_by')} />
        <NumberInput label={t('alerts.policy.again')} description={t('alerts.policy.again_text')} min={0} max={8760} {...form.getInputProps('again_hours')} />
        <ZoneSelect value={form.values.time_zone} change={(zone) => form.setFieldValue('time_zone', zone)} />
      </SimpleGrid>
    </Ask>
  )
}
