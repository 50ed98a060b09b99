import { Group, PasswordInput, Select, Text, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useLanguage } from '@/components/useLanguage'
import { languages } from '@/i18n'
import { bytes } from '@/lib/format'
import type { TargetDraft } from './target'

type Props = {
  draft: TargetDraft
  change: (part: Partial<TargetDraft>) => void
  kinds: Schemas['TargetKind'][]
  target?: Schemas['Target'] // that is changed: its kind stays, its secrets may
}

/** TargetFields are the name of a target, its kind, and what that kind needs. */
export function TargetFields({ draft, change, kinds, target }: Props) {
  const { t } = useTranslation()
  const kind = kinds.find((k) => k.name === draft.kind)
  return (
    <>
      <TextInput label={t('alerts.target.name')} required data-path="name" value={draft.name} onChange={(e) => change({ name: e.currentTarget.value })} data-autofocus />
      <Group grow>
        <Select label={t('alerts.target.kind')} data={kinds.map((k) => ({ value: k.name, label: k.title }))} value={draft.kind} disabled={target !== undefined} allowDeselect={false} onChange={(k) => k && change({ kind: k })} />
        <Select label={t('alerts.target.language')} data={languages.map(({ code, name }) => ({ value: code, label: name }))} value={draft.language} allowDeselect={false} onChange={(l) => l && change({ language: l as 'en' | 'zh' })} />
      </Group>
      {kind && <Can kind={kind} />}
      {kind?.fields.map((field) => (
        <Field
          key={`${kind.name} ${field.name}`}
          field={field}
          kept={(target?.secrets_set.includes(field.name) ?? false) && !draft.forget}
          value={draft.settings[field.name] ?? ''}
          change={(value) => change({ settings: { ...draft.settings, [field.name]: value } })}
        />
      ))}
    </>
  )
}

const short = 65_536 // bytes, above which no message is long

// Can says what a kind of target takes and does, so that nobody wonders why a message came later or shorter.
function Can({ kind }: { kind: Schemas['TargetKind'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const parts = [
    kind.messages && kind.per_seconds ? t('alerts.target.can.messages', { count: Math.round((kind.messages * 60) / kind.per_seconds) }) : '',
    kind.bytes && kind.bytes <= short ? t('alerts.target.can.bytes', { size: bytes(kind.bytes) }) : '',
    kind.pictures ? t('alerts.target.can.pictures') : '',
    kind.resolves ? t('alerts.target.can.resolves') : '',
    kind.deduplicates ? t('alerts.target.can.deduplicates') : '',
  ].filter((part) => part !== '')
  if (parts.length === 0) return null
  return (
    <Text size="xs" c="dimmed">
      {parts.join(language === 'zh' ? '' : ' ')}
    </Text>
  )
}

function Field({ field, kept, value, change }: { field: Schemas['TargetField']; kept: boolean; value: string; change: (value: string) => void }) {
  const { t } = useTranslation()
  const common = { 'data-path': `settings.${field.name}`, label: field.title, description: field.help, required: field.required && !kept, placeholder: kept ? t('alerts.target.kept') : field.default, value }
  if (field.choices.length > 0) return <Select {...common} data={field.choices} allowDeselect={false} value={value || field.default || field.choices[0]!} onChange={(v) => change(v ?? '')} />
  if (field.secret) return <PasswordInput {...common} autoComplete="off" onChange={(e) => change(e.currentTarget.value)} />
  if (field.long) return <Textarea {...common} autosize minRows={2} onChange={(e) => change(e.currentTarget.value)} />
  return <TextInput {...common} onChange={(e) => change(e.currentTarget.value)} />
}
