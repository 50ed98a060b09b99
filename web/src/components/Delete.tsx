import type { UseMutationResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Ask } from './Ask'

type Props = {
  name: string // of what is to be deleted
  id: string
  text: string // what it means
  remove: Pick<UseMutationResult<unknown, Error, string>, 'mutate' | 'isPending' | 'error'>
  disabled?: boolean
  close: () => void
  children?: ReactNode
}

/** Delete asks before something is deleted. */
export function Delete({ name, id, text, remove, disabled, close, children }: Props) {
  const { t } = useTranslation()
  return (
    <Ask
      title={t('shell.delete_title', { name })}
      text={text}
      go={t('shell.action.delete')}
      danger
      busy={remove.isPending}
      error={remove.error}
      disabled={disabled}
      close={close}
      submit={() => remove.mutate(id, { onSuccess: close })}
    >
      {children}
    </Ask>
  )
}
