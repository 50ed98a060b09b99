import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { IconArrowBackUp, IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteScript, useRevert } from '@/api/scripts'
import { session } from '@/api/session'
import { Ask } from '@/components/Ask'
import { forget } from './kept'
import type { useDraft } from './useDraft'

type Props = { draft: ReturnType<typeof useDraft>; name: string }

/** More is what is done to a script seldom: back to published, its title, its end. */
export function More({ draft, name }: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<'title' | 'back' | 'delete'>()
  const close = () => setAsked(undefined)
  const { number } = draft.saved
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="md" aria-label={t('scripts.actions', { name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setAsked('title')}>
            {t('scripts.script.edit')}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowBackUp size={14} />} disabled={number === 0 || draft.text === draft.saved.code} onClick={() => setAsked('back')}>
            {t('scripts.versions.back_published')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setAsked('delete')}>
            {t('scripts.script.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'title' && <Title draft={draft} close={close} />}
      {asked === 'back' && <Back draft={draft} close={close} />}
      {asked === 'delete' && <Delete id={draft.saved.id} name={name} close={close} />}
    </>
  )
}

function Title({ draft, close }: { draft: Props['draft']; close: () => void }) {
  const { t } = useTranslation()
  const [title, setTitle] = useState(draft.saved.title)
  return (
    <Ask
      title={t('scripts.script.edit')}
      go={t('shell.action.save')}
      busy={draft.saving}
      error={draft.error}
      close={close}
      submit={() => void draft.retitle(title).then((done) => done && close())}
    >
      <TextInput label={t('scripts.set.title')} maxLength={200} value={title} onChange={(e) => setTitle(e.currentTarget.value)} data-autofocus />
    </Ask>
  )
}

function Back({ draft, close }: { draft: Props['draft']; close: () => void }) {
  const { t } = useTranslation()
  const { id, number } = draft.saved
  const revert = useRevert(id)
  return (
    <Ask
      title={t('scripts.versions.back_title', { number })}
      text={t('scripts.versions.back_text')}
      go={t('scripts.versions.back_published')}
      busy={revert.isPending}
      error={revert.error}
      close={close}
      submit={() =>
        revert.mutate(
          { version: draft.version, number },
          {
            onSuccess: (now) => {
              draft.take(now)
              close()
            },
          },
        )
      }
    />
  )
}

function Delete({ id, name, close }: { id: string; name: string; close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const remove = useDeleteScript()
  return (
    <Ask
      title={t('scripts.script.delete_title', { name })}
      text={t('scripts.script.delete_text')}
      go={t('scripts.script.delete')}
      danger
      busy={remove.isPending}
      error={remove.error}
      close={close}
      submit={() =>
        remove.mutate(id, {
          onSuccess: () => {
            forget(localStorage, session.get().workspace ?? '', id)
            void navigate({ to: '/scripts' })
          },
        })
      }
    />
  )
}
