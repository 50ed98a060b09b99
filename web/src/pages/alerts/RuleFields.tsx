import { ActionIcon, Button, Divider, Group, Input, MultiSelect, NumberInput, Paper, Select, Stack, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight, IconGripVertical, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { MatchFields } from './MatchFields'
import { newPeriod } from './period'
import { PeriodFields } from './PeriodFields'
import { toRule, type EscalationForm, type RuleForm } from './policy'
import { RuleLine } from './RuleLine'

type Props = {
  rule: RuleForm
  index: number
  last: boolean
  zone: string
  targets: Schemas['Target'][]
  open: boolean
  change: (rule: RuleForm) => void
  toggle: () => void
  move: (to: number) => void
  drag: () => void // it is taken by its handle
  remove: () => void
}

/** RuleFields are one rule of a policy: which events, and who is told. A closed one is a line. */
export function RuleFields({ rule, index, last, zone, targets, open, change, toggle, move, drag, remove }: Props) {
  const { t } = useTranslation()
  const number = index + 1
  return (
    <Paper withBorder p="sm" radius="md" component="section" aria-label={t('alerts.policy.rule', { number })}>
      <Stack gap="xs">
        <Group gap={4} wrap="nowrap">
          <span draggable onDragStart={drag} style={{ cursor: 'grab', display: 'inline-flex' }} aria-hidden>
            <IconGripVertical size={16} />
          </span>
          <Button variant="subtle" color="gray" size="compact-sm" flex={1} miw={0} justify="start" aria-expanded={open} data-path={`rules.${index}`} onClick={toggle} leftSection={open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}>
            {rule.name.trim() === '' ? t('alerts.policy.rule', { number }) : `${number}. ${rule.name}`}
          </Button>
          <ActionIcon variant="subtle" color="gray" disabled={index === 0} aria-label={t('alerts.policy.up', { number })} onClick={() => move(index - 1)}>
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" disabled={last} aria-label={t('alerts.policy.down', { number })} onClick={() => move(index + 1)}>
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red" aria-label={t('alerts.policy.remove_rule', { number })} onClick={remove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        {open ? <Opened rule={rule} zone={zone} targets={targets} change={change} /> : <RuleLine rule={toRule({ ...rule, name: '' }, zone)} zone={zone} targets={targets} />}
      </Stack>
    </Paper>
  )
}

type OpenedProps = Pick<Props, 'rule' | 'zone' | 'targets' | 'change'>

function Opened({ rule, zone, targets, change }: OpenedProps) {
  const { t } = useTranslation()
  const set = (part: Partial<RuleForm>) => change({ ...rule, ...part })
  return (
    <>
      <TextInput label={t('alerts.policy.rule_name')} maxLength={200} value={rule.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      <Divider label={t('alerts.policy.if')} labelPosition="left" />
      <MultiSelect
        label={t('alerts.policy.levels')}
        placeholder={rule.levels.length === 0 ? t('alerts.match.all') : undefined}
        data={(['critical', 'error', 'warning', 'info'] as const).map((value) => ({ value, label: t(`domain.level.${value}`) }))}
        value={rule.levels}
        onChange={(levels) => set({ levels })}
      />
      <MatchFields match={rule.match} change={(match) => set({ match })} />
      <Times rule={rule} set={set} zone={zone} />
      <Divider label={t('alerts.policy.then')} labelPosition="left" />
      <MultiSelect
        label={t('alerts.policy.targets')}
        description={rule.targets.length === 0 ? t(targets.length === 0 ? 'alerts.policy.no_targets' : 'alerts.policy.nobody_text') : undefined}
        data={targets.map((target) => ({ value: target.id, label: target.name }))}
        searchable
        value={rule.targets}
        onChange={(ids) => set({ targets: ids })}
      />
      <Escalations rule={rule} set={set} targets={targets} />
    </>
  )
}

type PartProps = { rule: RuleForm; set: (part: Partial<RuleForm>) => void }

function Times({ rule, set, zone }: PartProps & { zone: string }) {
  const { t } = useTranslation()
  return (
    <Stack gap="xs" role="group" aria-label={t('alerts.policy.times')}>
      <Input.Label>{t('alerts.policy.times')}</Input.Label>
      {rule.times.map((period, i) => (
        <Paper key={i} withBorder p="xs" radius="md">
          <Group align="start" wrap="nowrap" gap="xs">
            <div style={{ flex: 1, minWidth: 0 }}>
              <PeriodFields period={period} zone={zone} kinds={['again', 'dates']} change={(to) => set({ times: rule.times.map((other, k) => (k === i ? to : other)) })} />
            </div>
            <ActionIcon variant="subtle" color="red" aria-label={t('alerts.policy.remove_time', { number: i + 1 })} onClick={() => set({ times: rule.times.filter((_, k) => k !== i) })}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Paper>
      ))}
      <Group>
        <Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} onClick={() => set({ times: [...rule.times, newPeriod('again')] })}>
          {t('alerts.policy.add_time')}
        </Button>
      </Group>
    </Stack>
  )
}

const mostEscalations = 2

function Escalations({ rule, set, targets }: PartProps & { targets: Schemas['Target'][] }) {
  const { t } = useTranslation()
  const change = (i: number, part: Partial<EscalationForm>) => set({ escalations: rule.escalations.map((e, k) => (k === i ? { ...e, ...part } : e)) })
  return (
    <>
      {rule.escalations.map((e, i) => (
        <Paper key={i} withBorder p="xs" radius="md" component="section" aria-label={t('alerts.policy.escalation', { number: i + 1 })}>
          <Group align="end" gap="xs">
            <NumberInput flex="1 1 110px" label={t('alerts.policy.after')} required min={1} max={10_080} value={e.after} onChange={(after) => change(i, { after })} />
            <Select
              flex="1 1 150px"
              label={t('alerts.policy.unless')}
              allowDeselect={false}
              data={(['acknowledged', 'recovered'] as const).map((value) => ({ value, label: t(`alerts.policy.unless_kind.${value}`) }))}
              value={e.unless}
              onChange={(unless) => change(i, { unless: unless as EscalationForm['unless'] })}
            />
            <MultiSelect flex="2 1 200px" label={t('alerts.policy.also')} required searchable data={targets.map((target) => ({ value: target.id, label: target.name }))} value={e.targets} onChange={(ids) => change(i, { targets: ids })} />
            <ActionIcon variant="subtle" color="red" size={36} aria-label={t('alerts.policy.remove_escalation')} onClick={() => set({ escalations: rule.escalations.filter((_, k) => k !== i) })}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Paper>
      ))}
      {rule.escalations.length < mostEscalations && (
        <Group>
          <Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} onClick={() => set({ escalations: [...rule.escalations, { after: rule.escalations.length === 0 ? 30 : 60, unless: 'acknowledged', targets: [] }] })}>
            {t('alerts.policy.add_escalation')}
          </Button>
        </Group>
      )}
    </>
  )
}
