import { Alert, Button, Code, Group, PasswordInput, Select, Spoiler, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSaveTarget, useTryTarget } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { Failure } from '@/components/Failure'
import { useLanguage } from '@/components/useLanguage'
import { languages } from '@/i18n'

type Props = { target?: Schemas['Target']; kinds: Schemas['TargetKind'][]; close: () => void }

/** TargetForm writes a target by the fields of its kind; a test message shows the real answer. */
export function TargetForm({ target, kinds, close }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [name, setName] = useState(target?.name ?? '')
  const [kindName, setKindName] = useState(target?.kind ?? kinds[0]!.name)
  const [speaks, setSpeaks] = useState<'en' | 'zh'>(target?.language ?? language)
  const [settings, setSettings] = useState<Record<string, string>>(target?.settings ?? {})
  const [templates, setTemplates] = useState(target?.templates ?? {})
  const kind = kinds.find((k) => k.name === kindName) ?? kinds[0]!
  const input = (): Schemas['TargetInput'] => ({
    name: name.trim(),
    kind: kindName,
    language: speaks,
    enabled: target?.enabled ?? true,
    settings: Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== '' && kind.fields.some((f) => f.name === key))),
    templates,
  })
  const save = useSaveTarget(target?.id)
  const attempt = useTryTarget()
  return (
    <Ask
      title={t(target ? 'alerts.target.edit' : 'alerts.target.new')}
      go={t('shell.action.save')}
      busy={save.isPending}
      error={save.error}
      disabled={name.trim() === ''}
      close={close}
      submit={() => save.mutate(input(), { onSuccess: close })}
    >
      <TextInput label={t('alerts.target.name')} required value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus />
      <Group grow>
        <Select label={t('alerts.target.kind')} data={kinds.map((k) => ({ value: k.name, label: k.title }))} value={kindName} disabled={target !== undefined} allowDeselect={false} onChange={(k) => k && setKindName(k)} />
        <Select label={t('alerts.target.language')} data={languages.map(({ code, name: label }) => ({ value: code, label }))} value={speaks} allowDeselect={false} onChange={(l) => l && setSpeaks(l as 'en' | 'zh')} />
      </Group>
      {kind.fields.map((field) => (
        <Field
          key={`${kind.name} ${field.name}`}
          field={field}
          kept={target?.secrets_set.includes(field.name) ?? false}
          value={settings[field.name] ?? ''}
          change={(value) => setSettings({ ...settings, [field.name]: value })}
        />
      ))}
      <Spoiler maxHeight={0} showLabel={t('alerts.target.templates')} hideLabel={t('alerts.target.templates')}>
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t('alerts.target.templates_text')}
          </Text>
          <TextInput label={t('alerts.target.short')} value={templates.short ?? ''} onChange={(e) => setTemplates({ ...templates, short: e.currentTarget.value || undefined })} />
          <TextInput label={t('alerts.target.title_template')} value={templates.title ?? ''} onChange={(e) => setTemplates({ ...templates, title: e.currentTarget.value || undefined })} />
          <Textarea label={t('alerts.target.body')} autosize minRows={4} value={templates.body ?? ''} onChange={(e) => setTemplates({ ...templates, body: e.currentTarget.value || undefined })} />
        </Stack>
      </Spoiler>
      <Group>
        <Button variant="default" size="xs" loading={attempt.isPending} disabled={name.trim() === ''} onClick={() => attempt.mutate({ ...input(), id: target?.id })}>
          {t('alerts.target.test')}
        </Button>
      </Group>
      {attempt.error && <Failure error={attempt.error} />}
      {attempt.data && <Answered answer={attempt.data} />}
    </Ask>
  )
}

function Field({ field, kept, value, change }: { field: Schemas['TargetField']; kept: boolean; value: string; change: (value: string) => void }) {
  const { t } = useTranslation()
  const common = { label: field.title, description: field.help, required: field.required && !kept, placeholder: kept ? t('alerts.target.kept') : field.default, value }
  if (field.choices.length > 0) return <Select {...common} data={field.choices} value={value || field.default || null} onChange={(v) => change(v ?? '')} />
  if (field.secret) return <PasswordInput {...common} autoComplete="off" onChange={(e) => change(e.currentTarget.value)} />
  if (field.long) return <Textarea {...common} autosize minRows={2} onChange={(e) => change(e.currentTarget.value)} />
  return <TextInput {...common} onChange={(e) => change(e.currentTarget.value)} />
}

function Answered({ answer }: { answer: Schemas['TargetAnswer'] }) {
  const { t } = useTranslation()
  return (
    <Alert color={answer.ok ? 'teal' : 'red'} title={t('alerts.target.answer')} role="alert">
      <Stack gap={4}>
        <Text size="sm">{answer.ok ? t('alerts.target.taken') : t('alerts.target.refused', { why: answer.problem ?? '' })}</Text>
        {(answer.status !== undefined || answer.body) && <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{`${answer.status ?? ''} ${answer.body ?? ''}`}</Code>}
      </Stack>
    </Alert>
  )
}
