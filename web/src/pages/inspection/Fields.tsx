import { Button, Checkbox, Grid, Group, NumberInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { usePolicies } from '@/api/alerts'
import { useMatching, useSources } from '@/api/inspections'
import { Section } from '@/components/Section'
import type { Form } from './form'

const typing = 400 // ms until the hosts that match are counted again
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

type Props = { form: UseFormReturnType<Form>; readOnly: boolean; scripted: boolean }

/** Fields are what an inspection is made of. */
export function Fields({ form, readOnly, scripted }: Props) {
  const { t } = useTranslation()
  const sources = useSources()
  const policies = usePolicies()
  return (
    <fieldset disabled={readOnly} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section title={t('inspection.hosts')}>
            <TextInput label={t('inspection.name')} required maxLength={200} {...form.getInputProps('name')} />
            <Textarea
              label={t('inspection.hosts')}
              description={t('inspection.hosts_text')}
              autosize
              minRows={4}
              maxRows={16}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              {...form.getInputProps('hosts')}
            />
            <Matching hosts={form.values.hosts} source={form.values.source_id} />
            <Select
              label={t('inspection.source')}
              data={[{ value: '', label: t('inspection.own_store') }, ...(sources.data?.items ?? []).map((s) => ({ value: s.id, label: s.name }))]}
              allowDeselect={false}
              {...form.getInputProps('source_id')}
            />
            <Textarea label={t('inspection.help')} description={t('inspection.help_text')} autosize minRows={3} maxRows={12} {...form.getInputProps('help')} />
            <Select
              label={t('inspection.policy')}
              data={[{ value: '', label: t('inspection.policy_default') }, ...(policies.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }))]}
              allowDeselect={false}
              {...form.getInputProps('policy_id')}
            />
            <TagsInput label={t('inspection.tags')} {...form.getInputProps('tags')} />
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <When form={form} scripted={scripted} />
            <Levels form={form} />
          </Stack>
        </Grid.Col>
      </Grid>
    </fieldset>
  )
}

// When is the schedule; that of a script's inspection is its trigger's.
function When({ form, scripted }: { form: UseFormReturnType<Form>; scripted: boolean }) {
  const { t } = useTranslation()
  return (
    <Section title={t('inspection.schedule')}>
      <Switch label={t('inspection.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <TextInput label={t('inspection.schedule')} description={t(scripted ? 'inspection.schedule_trigger' : 'inspection.schedule_text')} required={!scripted} readOnly={scripted} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} {...form.getInputProps('schedule')} />
      {!scripted && (
        <Group gap="xs">
          {(
            [
              ['0 * * * *', 'every_hour'],
              ['*/30 * * * *', 'every_half'],
              ['0 */6 * * *', 'every_six'],
            ] as const
          ).map(([schedule, name]) => (
            <Button key={name} size="compact-xs" variant={form.values.schedule === schedule ? 'light' : 'default'} onClick={() => form.setFieldValue('schedule', schedule)}>
              {t(`inspection.${name}`)}
            </Button>
          ))}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select label={t('inspection.zone')} placeholder="UTC" data={zones} searchable={!scripted} readOnly={scripted} limit={100} {...form.getInputProps('time_zone')} />
        <NumberInput label={t('inspection.timeout')} min={1} max={3600} allowDecimal={false} readOnly={scripted} {...form.getInputProps('timeout_seconds')} />
        <Select
          label={t('inspection.window')}
          data={[2, 3, 4, 6].map((hours) => ({ value: String(hours), label: t('inspection.window_hours', { hours }) }))}
          allowDeselect={false}
          value={String(form.values.window_hours)}
          onChange={(hours) => form.setFieldValue('window_hours', Number(hours ?? 6))}
        />
        <TextInput type="date" label={t('inspection.expires')} {...form.getInputProps('expires_at')} />
      </SimpleGrid>
    </Section>
  )
}

function Levels({ form }: { form: UseFormReturnType<Form> }) {
  const { t } = useTranslation()
  return (
    <Section title={t('inspection.levels')}>
      <Checkbox label={t('inspection.levels_own')} {...form.getInputProps('own_levels', { type: 'checkbox' })} />
      {form.values.own_levels && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {(['critical_hours', 'error_hours', 'critical_percent', 'error_percent'] as const).map((name) => (
            <NumberInput key={name} label={t(`inspection.level.${name}`)} min={0} max={name.endsWith('percent') ? 100 : 87_600} {...form.getInputProps(`levels.${name}`)} />
          ))}
        </SimpleGrid>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput label={t('inspection.healthy_runs')} min={1} max={100} allowDecimal={false} {...form.getInputProps('healthy_runs')} />
        <NumberInput label={t('inspection.no_data_runs')} min={1} max={1000} allowDecimal={false} {...form.getInputProps('no_data_runs')} />
      </SimpleGrid>
    </Section>
  )
}

function Matching({ hosts, source }: { hosts: string; source: string }) {
  const { t } = useTranslation()
  const [settled] = useDebouncedValue(hosts, typing)
  const matching = useMatching(settled, source)
  return (
    <Stack gap={0} mih={22} aria-live="polite">
      {matching.error && (
        <Text size="sm" c="red">
          {matching.error.message}
        </Text>
      )}
      {matching.data && <Text size="sm">{t('inspection.matching', { count: matching.data.count, total: matching.data.total })}</Text>}
      {matching.data && matching.data.unmatched.length > 0 && (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {t('inspection.unmatched', { lines: matching.data.unmatched.slice(0, 20).join(', ') })}
        </Text>
      )}
    </Stack>
  )
}
