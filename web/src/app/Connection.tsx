import { Alert, Modal } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { listen, useConnection } from '@/api/live'
import { useAccess } from '@/api/session'
import { SignInForm } from '@/pages/sign-in/SignIn'

/** Connection keeps the page up to date, and says so where it cannot: no answer, or no session. */
export function Connection() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { state, session, workspace } = useAccess()
  const connection = useConnection()
  useEffect(() => (state === 'in' && workspace ? listen(client, workspace) : undefined), [client, state, workspace])
  return (
    <>
      {connection === 'lost' && (
        <Alert mb="md" color="orange" icon={<IconPlugConnectedX size={18} />} role="status">
          {t('shell.state.offline')}
        </Alert>
      )}
      <Modal opened={state === 'expired'} onClose={() => undefined} withCloseButton={false} title={t('shell.sign_in.title')} centered>
        <SignInForm name={session?.user?.name ?? ''} />
      </Modal>
    </>
  )
}
