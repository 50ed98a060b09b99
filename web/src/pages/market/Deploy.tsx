import { Alert, Anchor, Button, Collapse, Group, PasswordInput, Radio, Stack, Text, TextInput } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeploy, type Deployed, type PackageDetail } from '@/api/packages'
import { useTriggers } from '@/api/triggers'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { Diff } from './Diff'
import { inLanguage } from './naming'

/** Deploy puts an installed package to work: a field for each placeholder, then startup script and trigger. */
export function Deploy({ package: p, may }: { package: PackageDetail; may: boolean }) {
  const { t } = useTranslation()
  const deploy = useDeploy()
  const [values, setValues] = useState<Record<string, string>>({})
  const [existing, setExisting] = useState<'keep' | 'replace'>('keep')
  const started = p.startup?.existing
  const missing = p.placeholders.some((field) => field.required && !field.set && !values[field.name]?.trim())
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
  return (
    <Section title={t('market.deploy.title')}>
      {may ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            deploy.mutate({ source: p.source, name: p.name, values: filled, existing }, { onSuccess: () => setValues({}) })
          }}
        >
          <Stack maw={640}>
            {p.placeholders.some((field) => field.secret) && (
              <Text size="sm">
                {t('market.deploy.key')}{' '}
                <Anchor component={Link} to="/settings/keys" inherit underline="always">
                  {t('market.deploy.keys')}
                </Anchor>
              </Text>
            )}
            {p.placeholders.map((field) => (
              <Placeholder key={field.name} field={field} value={values[field.name] ?? ''} change={(value) => setValues({ ...values, [field.name]: value })} />
            ))}
            {started && <Existing started={started} choice={existing} choose={setExisting} />}
            {deploy.error && <Failure error={deploy.error} />}
            <Group>
              <Button type="submit" leftSection={<IconRocket size={16} />} loading={deploy.isPending} disabled={missing}>
                {t('market.deploy.go')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Text size="sm" c="dimmed">
          {t('market.deploy.owners')}
        </Text>
      )}
      <Result there={deploy.data ?? started} now={deploy.data} />
    </Section>
  )
}

type Field = PackageDetail['placeholders'][number]

function Placeholder({ field, value, change }: { field: Field; value: string; change: (value: string) => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const props = {
    label: inLanguage(language, field.title, field.title_zh) || field.name,
    required: field.required && !field.set,
    placeholder: field.set ? t('market.deploy.set') : undefined,
    autoComplete: 'off',
    value,
    onChange: (e: React.ChangeEvent<HTMLInputElement>) => change(e.currentTarget.value),
  }
  return field.secret ? <PasswordInput {...props} autoComplete="new-password" /> : <TextInput {...props} />
}

type Started = { script_id: string; trigger_id?: string; same: boolean; diff?: string }

// Existing asks what becomes of a startup script that is there.
function Existing({ started, choice, choose }: { started: Started; choice: 'keep' | 'replace'; choose: (choice: 'keep' | 'replace') => void }) {
  const { t } = useTranslation()
  const [comparing, setComparing] = useState(false)
  if (started.same) return <Text size="sm">{t('market.deploy.same')}</Text>
  return (
    <Stack gap="xs">
      <Radio.Group label={t('market.deploy.existing')} value={choice} onChange={(value) => choose(value as typeof choice)}>
        <Stack gap={6} mt={6}>
          <Radio value="keep" label={t('market.deploy.keep')} />
          <Radio value="replace" label={t('market.deploy.replace')} />
        </Stack>
      </Radio.Group>
      <Group>
        <Button size="compact-sm" variant="default" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
          {t('market.deploy.compare')}
        </Button>
      </Group>
      <Collapse expanded={comparing}>
        <Diff text={started.diff ?? ''} />
      </Collapse>
    </Stack>
  )
}

// Result leads to what is there: script, trigger, and the inspection once it has run.
function Result({ there, now }: { there?: Pick<Started, 'script_id' | 'trigger_id'>; now?: Deployed }) {
  const { t } = useTranslation()
  const triggers = useTriggers()
  if (!there) return null
  const inspection = triggers.data?.items.find((trigger) => trigger.id === there.trigger_id)?.inspection_id
  const links = (
    <Group gap="md">
      <Anchor component={Link} to={`/scripts/${there.script_id}`} size="sm">
        {t('market.deploy.script')}
      </Anchor>
      {there.trigger_id && (
        <Anchor component={Link} to={`/triggers/${there.trigger_id}`} size="sm">
          {t('market.deploy.trigger')}
        </Anchor>
      )}
      {inspection ? (
        <Anchor component={Link} to={`/inspections/${inspection}`} size="sm">
          {t('market.deploy.inspection')}
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed">
          {t('market.deploy.not_yet')}
        </Text>
      )}
    </Group>
  )
  if (!now) return links
  return (
    <Alert color="teal" title={t(now.kept ? 'market.deploy.kept' : 'market.deploy.done')} aria-live="polite">
      {links}
    </Alert>
  )
}
