import { Alert, Grid, NumberInput, Select, SimpleGrid, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useScripts } from '@/api/scripts'
import type { Trigger } from '@/api/triggers'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { Crontab } from './Crontab'
import { dedent, type Form } from './form'

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

type Props = { form: UseFormReturnType<Form>; trigger?: Trigger; readOnly: boolean }

/** TriggerFields are what a trigger is made of. */
export function TriggerFields({ form, trigger, readOnly }: Props) {
  const { t } = useTranslation()
  const chosen = useFunctions(form.values.script_id).find((f) => f.name === form.values.function)
  const same = trigger?.script_id === form.values.script_id && trigger.function === form.values.function
  const crontab = chosen ? chosen.fixed_crontab : same && trigger.fixed ? trigger.schedule : undefined
  const timeout = chosen ? chosen.timeout : same && trigger.fixed_timeout ? trigger.timeout_seconds : undefined
  return (
    <fieldset disabled={readOnly} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section title={t('triggers.form.what')}>
            {trigger?.problem && same && <Alert color="red">{trigger.problem}</Alert>}
            <Called form={form} />
            <Textarea
              label={t('triggers.form.args')}
              description={chosen && chosen.parameters.length > 0 ? t('triggers.form.args_of', { names: chosen.parameters.join(', ') }) : t('triggers.form.args_text')}
              placeholder='{"name": "value"}'
              autosize
              minRows={3}
              maxRows={16}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              {...form.getInputProps('args')}
            />
            <Textarea label={t('triggers.form.note')} autosize minRows={2} maxRows={8} maxLength={2000} {...form.getInputProps('note')} />
            <TagsInput label={t('inspection.tags')} {...form.getInputProps('tags')} />
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section title={t('triggers.form.when')}>
            <Switch label={t('inspection.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
            <Crontab
              key={form.values.function}
              line={crontab || form.values.schedule}
              zone={form.values.time_zone}
              fixed={Boolean(crontab)}
              change={(line) => form.setFieldValue('schedule', line)}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <Select label={t('inspection.zone')} placeholder="UTC" data={zones} searchable limit={100} {...form.getInputProps('time_zone')} />
              <TextInput type="datetime-local" label={t('inspection.expires')} {...form.getInputProps('expires_at')} />
              <NumberInput
                label={t('inspection.timeout')}
                min={1}
                max={3600}
                allowDecimal={false}
                {...form.getInputProps('timeout_seconds')}
                {...(timeout && { value: timeout, readOnly: true, description: t('triggers.form.timeout_fixed') })}
              />
              <NumberInput label={t('triggers.form.keep')} min={1} max={10_000} allowDecimal={false} {...form.getInputProps('keep')} />
            </SimpleGrid>
          </Section>
        </Grid.Col>
      </Grid>
    </fieldset>
  )
}

// useFunctions are those of a script's published code.
function useFunctions(id: string) {
  const scripts = useScripts()
  return scripts.data?.items.find((s) => s.id === id)?.functions ?? []
}

// Called chooses the script and its function.
function Called({ form }: { form: UseFormReturnType<Form> }) {
  const { t } = useTranslation()
  const scripts = useScripts()
  const { script_id: id, function: name } = form.values
  const functions = useFunctions(id).filter((f) => !f.is_hidden || f.name === name)
  const chosen = functions.find((f) => f.name === name)
  const published = (scripts.data?.items ?? []).filter((s) => s.number > 0 || s.id === id)
  return (
    <>
      {scripts.error && <Failure error={scripts.error} retry={() => void scripts.refetch()} />}
      <Select
        label={t('triggers.form.script')}
        data-path="script_id"
        required
        searchable
        allowDeselect={false}
        data={published.map((s) => ({ value: s.id, label: s.title ? `${s.title} (${s.set}__${s.name})` : `${s.set}__${s.name}` }))}
        value={id || null}
        onChange={(script) => form.setValues({ script_id: script ?? '', function: '' })}
        nothingFoundMessage={t('triggers.form.script_none')}
      />
      <Select
        label={t('triggers.form.function')}
        required
        allowDeselect={false}
        disabled={id === ''}
        data={[
          ...(name !== '' && !chosen ? [{ value: name, label: scripts.data ? t('triggers.form.function_gone', { name }) : name }] : []),
          ...functions.map((f) => ({ value: f.name, label: f.title ? `${f.title} (${f.name})` : f.name })),
        ]}
        {...form.getInputProps('function')}
        value={name || null}
      />
      {chosen?.doc && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} lineClamp={12}>
          {dedent(chosen.doc)}
        </Text>
      )}
    </>
  )
}
