import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SaveFailure } from './SaveFailure'
import { useDiscard } from './useDiscard'

type Props = {
  title: string
  text?: string
  go: string // what the button says
  danger?: boolean
  busy: boolean
  error: Error | null
  disabled?: boolean
  typed?: boolean // something in it would be lost: it is closed by purpose alone, and asks before
  size?: 'md' | 'lg' | 'xl'
  reload?: () => void // what somebody else saved meanwhile, where that is why it failed
  close: () => void
  submit: () => void
  children?: ReactNode
}

/** Ask asks before something is done, with the fields that it needs. */
export function Ask({ title, text, go, danger = false, busy, error, disabled, typed = false, size = 'md', reload, close, submit, children }: Props) {
  const { t } = useTranslation()
  const { asking, leave, question } = useDiscard(typed && !busy, close)
  return (
    <Modal opened onClose={leave} closeOnClickOutside={!typed} closeOnEscape={!asking} title={<bdi>{title}</bdi>} size={size} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          {text && <Text size="sm">{text}</Text>}
          {children}
          <SaveFailure error={error} reload={reload} />
          <Group justify="end">
            <Button variant="default" onClick={leave}>
              {t('shell.action.cancel')}
            </Button>
            <Button type="submit" color={danger ? 'red' : undefined} loading={busy} disabled={disabled}>
              {go}
            </Button>
          </Group>
        </Stack>
      </form>
      {question}
    </Modal>
  )
}
