import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from './Failure'

type Props = {
  title: string
  text?: string
  go: string // what the button says
  danger?: boolean
  busy: boolean
  error: Error | null
  disabled?: boolean
  size?: 'md' | 'lg' | 'xl'
  close: () => void
  submit: () => void
  children?: ReactNode
}

/** Ask asks before something is done, with the fields that it needs. */
export function Ask({ title, text, go, danger = false, busy, error, disabled, size = 'md', close, submit, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={close} title={<bdi>{title}</bdi>} size={size} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          {text && <Text size="sm">{text}</Text>}
          {children}
          {error && <Failure error={error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t('shell.action.cancel')}
            </Button>
            <Button type="submit" color={danger ? 'red' : undefined} loading={busy} disabled={disabled}>
              {go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
