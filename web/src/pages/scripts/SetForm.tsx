import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddSet, useChangeSet, type ScriptSet } from '@/api/scripts'
import { Ask } from '@/components/Ask'
import { isSetName } from './tree'

/** NewSet makes a set. */
export function NewSet({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [texts, setTexts] = useState({ title: '', description: '' })
  const add = useAddSet()
  return (
    <Ask title={t('scripts.set.new')} go={t('shell.action.save')} busy={add.isPending} error={add.error} disabled={!isSetName(name)} close={close} submit={() => add.mutate({ name, ...texts }, { onSuccess: close })}>
      <TextInput
        label={t('scripts.set.name')}
        description={t('scripts.set.name_text')}
        required
        value={name}
        error={name !== '' && !isSetName(name) && t('scripts.set.name_wrong')}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
      />
      <Texts texts={texts} change={setTexts} />
    </Ask>
  )
}

/** SetForm changes the texts of a set. Its name stays: scripts are imported by it. */
export function SetForm({ set, close }: { set: ScriptSet; close: () => void }) {
  const { t } = useTranslation()
  const [texts, setTexts] = useState({ title: set.title, description: set.description })
  const save = useChangeSet(set.id)
  return (
    <Ask title={t('scripts.set.edit', { name: set.name })} go={t('shell.action.save')} busy={save.isPending} error={save.error} close={close} submit={() => save.mutate(texts, { onSuccess: close })}>
      <Texts texts={texts} change={setTexts} />
    </Ask>
  )
}

type TextsOf = { title: string; description: string }

function Texts({ texts, change }: { texts: TextsOf; change: (texts: TextsOf) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput label={t('scripts.set.title')} maxLength={200} value={texts.title} onChange={(e) => change({ ...texts, title: e.currentTarget.value })} />
      <Textarea label={t('scripts.set.description')} autosize minRows={2} maxRows={10} value={texts.description} onChange={(e) => change({ ...texts, description: e.currentTarget.value })} />
    </>
  )
}
