import { Alert, Modal, Stack, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { askAnew, listen, useConnection } from '@/api/live'
import { useAccess } from '@/api/session'
import { SignInForm } from '@/pages/sign-in/SignIn'

const above = 1000 // any dialog that is open

/** Connection keeps the page up to date, and says so where it cannot: no answer, or no session. */
export function Connection() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { state, session, workspace } = useAccess()
  const connection = useConnection()
  useEffect(() => (state === 'in' && workspace ? listen(client, workspace) : undefined), [client, state, workspace])
  const ended = useRef(false)
  useEffect(() => {
    if (state === 'in' && ended.current) void askAnew(client) // what was refused meanwhile
    ended.current = state === 'expired'
  }, [client, state])
  return (
    <>
      {connection === 'lost' && (
        <Alert mb="md" color="orange" icon={<IconPlugConnectedX size={18} />} role="status">
          {t('shell.state.offline')}
        </Alert>
      )}
      <Modal opened={state === 'expired'} onClose={() => undefined} withCloseButton={false} title={t('shell.state.ended')} centered zIndex={above}>
        <Stack>
          <Text size="sm">{t('shell.state.ended_text')}</Text>
          <SignInForm name={session?.user?.name ?? ''} />
        </Stack>
      </Modal>
    </>
  )
}
