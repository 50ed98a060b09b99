import { PasswordInput, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSaveVariable, type ScriptSet, type Variable } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Ask } from '@/components/Ask'
import { kinds, readValue, writeValue, type Kind } from './value'

type Props = { variable?: Variable; sets: ScriptSet[]; close: () => void }

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/

/** VariableForm writes a variable by its kind; a secret is written only. */
export function VariableForm({ variable, sets, close }: Props) {
  const { t } = useTranslation()
  const owner = useMay('owner')
  const [kind, setKind] = useState<Kind>(variable?.kind ?? 'string')
  const [before] = useState({ name: variable?.name ?? '', set: variable?.set_id ?? '', text: writeValue(kind, variable?.value), note: variable?.note ?? '' })
  const [name, setName] = useState(before.name)
  const [set, setSet] = useState(before.set)
  const [text, setText] = useState(before.text)
  const [note, setNote] = useState(before.note)
  const typed = name !== before.name || set !== before.set || text !== before.text || note !== before.note
  const save = useSaveVariable(variable?.id)
  const { value, problem } = readValue(kind, text)
  const wrong = text.trim() !== '' ? problem : undefined
  const kept = variable?.kind === 'secret' && kind === 'secret' && variable.set
  return (
    <Ask
      title={t(variable ? 'variables.edit' : 'variables.new')}
      go={t('shell.action.save')}
      busy={save.isPending}
      error={save.error}
      disabled={!identifier.test(name) || problem !== undefined}
      typed={typed}
      close={close}
      submit={() => save.mutate({ name, set_id: set || undefined, kind, value, note }, { onSuccess: close })}
    >
      <TextInput
        label={t('variables.name')}
        description={t('variables.name_text')}
        required
        maxLength={64}
        data-path="name"
        value={name}
        error={name !== '' && !identifier.test(name) && t('variables.name_wrong')}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
      />
      <Select
        label={t('variables.set')}
        data={[{ value: '', label: t('variables.workspace') }, ...sets.map((s) => ({ value: s.id, label: s.title ? `${s.name} · ${s.title}` : s.name }))]}
        value={set}
        allowDeselect={false}
        onChange={(id) => setSet(id ?? '')}
      />
      <Select
        label={t('variables.kind_label')}
        description={owner ? undefined : t('variables.secret_owner')}
        data={kinds.map((value) => ({ value, label: t(`variables.kind.${value}`), disabled: value === 'secret' && !owner }))}
        value={kind}
        allowDeselect={false}
        onChange={(next) => {
          if (!next) return
          if (next === 'secret' || kind === 'secret') setText('') // a secret is not shown, nor does it become one by being seen
          else if (next === 'boolean') setText('false')
          setKind(next as Kind)
        }}
      />
      <Field kind={kind} text={text} change={setText} kept={kept} error={wrong && t(`variables.wrong.${wrong}`)} />
      <Textarea label={t('variables.note')} autosize minRows={1} maxRows={6} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
    </Ask>
  )
}

function Field({ kind, text, change, kept, error }: { kind: Kind; text: string; change: (text: string) => void; kept?: boolean; error?: string }) {
  const { t } = useTranslation()
  const label = t('variables.value')
  switch (kind) {
    case 'secret':
      return (
        <PasswordInput
          label={label}
          description={t('variables.secret_text')}
          placeholder={kept ? t('variables.secret_kept') : undefined}
          autoComplete="new-password"
          value={text}
          error={error}
          onChange={(e) => change(e.currentTarget.value)}
        />
      )
    case 'boolean':
      return (
        <Stack gap={4}>
          <Text size="sm" fw={500}>
            {label}
          </Text>
          <SegmentedControl
            aria-label={label}
            data={[
              { value: 'true', label: t('variables.yes') },
              { value: 'false', label: t('variables.no') },
            ]}
            value={text === 'true' ? 'true' : 'false'}
            onChange={change}
          />
        </Stack>
      )
    case 'integer':
    case 'float':
      return <TextInput label={label} required inputMode={kind === 'integer' ? 'numeric' : 'decimal'} value={text} error={error} onChange={(e) => change(e.currentTarget.value)} />
    default:
      return (
        <Textarea
          label={label}
          description={kind === 'list' ? t('variables.list_text') : undefined}
          required={kind === 'json'}
          autosize
          minRows={kind === 'string' ? 1 : 3}
          maxRows={16}
          value={text}
          error={error}
          onChange={(e) => change(e.currentTarget.value)}
          styles={{ input: { fontFamily: kind === 'string' ? undefined : 'var(--mantine-font-family-monospace)' } }}
        />
      )
  }
}
