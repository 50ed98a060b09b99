import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Problem, unwrap } from '@/api/client'
import { session, useAccess } from '@/api/session'
import { Failure } from '@/components/Failure'
import { SignIn } from '@/pages/sign-in/SignIn'
import { router } from './router'

/** App is the sign-in page until somebody is signed in, then the pages. */
export function App() {
  const { t } = useTranslation()
  const { state } = useAccess()
  const asked = useQuery({ queryKey: ['session'], queryFn: () => unwrap(api.GET('/api/v1/session')), enabled: state === 'unknown' })
  useEffect(() => {
    if (asked.data) session.entered(asked.data)
    if (asked.error instanceof Problem && asked.error.status === 401) session.left()
  }, [asked.data, asked.error])
  if (state === 'in' || state === 'expired') return <RouterProvider router={router} />
  if (state === 'out') return <SignIn />
  return (
    <Center mih="100dvh" p="md">
      {asked.error ? <Failure error={asked.error} retry={() => void asked.refetch()} /> : <Loader aria-label={t('shell.state.loading')} />}
    </Center>
  )
}
