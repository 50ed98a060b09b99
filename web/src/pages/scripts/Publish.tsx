import { Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCheck, usePublish } from '@/api/scripts'
import { Ask } from '@/components/Ask'
import type { useDraft } from './useDraft'

type Props = { draft: ReturnType<typeof useDraft>; name: string; set: string; close: () => void }

/** Publish saves the draft, and makes it what runs, with a note. */
export function Publish({ draft, name, set, close }: Props) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const publish = usePublish(draft.saved.id)
  const check = useCheck(draft.text, set, draft.saved.name, true)
  const wrong = check.data?.problem
  const same = draft.saved.number > 0 && draft.text === draft.saved.code
  async function go() {
    const version = draft.dirty ? (await draft.save())?.version : draft.version
    if (version === undefined) return close() // the page says why it was not saved
    publish.mutate(
      { version, note: note.trim() },
      {
        onSuccess: (now) => {
          draft.took(now)
          notifications.show({ color: 'teal', message: t('scripts.publish.done', { number: now.data.number }) })
          close()
        },
      },
    )
  }
  return (
    <Ask
      title={t('scripts.publish.title', { name })}
      text={t('scripts.publish.text', { number: draft.saved.number + 1 })}
      go={t('scripts.publish.go')}
      busy={publish.isPending || draft.saving}
      error={publish.error}
      disabled={same || wrong !== undefined}
      close={close}
      submit={() => void go()}
    >
      {same && <Text size="sm">{t('scripts.publish.same')}</Text>}
      {wrong && (
        <Text size="sm" role="alert">
          {t('scripts.publish.wrong', { line: wrong.line, message: wrong.message })}
        </Text>
      )}
      <Textarea label={t('scripts.publish.note')} autosize minRows={2} maxRows={8} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} data-autofocus />
    </Ask>
  )
}
