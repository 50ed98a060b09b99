import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, Problem, unwrap } from '@/api/client'
import { session } from '@/api/session'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { Logo } from '@/components/Logo'

/** SignIn is the whole page where nobody is signed in. */
export function SignIn() {
  const { t } = useTranslation()
  return (
    <Center mih="100dvh" p="md">
      <Paper withBorder p="xl" radius="lg" w={400} component="main">
        <Stack>
          <Logo />
          <Heading name={t('shell.sign_in.title')} />
          <SignInForm />
          <Text size="sm" c="dimmed">
            {t('shell.sign_in.first')}
          </Text>
        </Stack>
      </Paper>
    </Center>
  )
}

/** SignInForm asks for name and password; it stands on its own page, or above one whose session ended. */
export function SignInForm({ name = '' }: { name?: string }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { name, password: '' } })
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => unwrap(api.POST('/api/v1/session', { body })),
    onSuccess: session.entered,
  })
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Stack>
        <TextInput label={t('shell.sign_in.name')} autoComplete="username" required autoFocus={name === ''} {...form.getInputProps('name')} />
        <PasswordInput
          label={t('shell.sign_in.password')}
          autoComplete="current-password"
          required
          autoFocus={name !== ''}
          {...form.getInputProps('password')}
        />
        {signIn.error && <Refusal error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending}>
          {t('shell.sign_in.submit')}
        </Button>
      </Stack>
    </form>
  )
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation()
  if (!(error instanceof Problem) || ![401, 429].includes(error.status)) return <Failure error={error} />
  return (
    <Alert color="red" role="alert">
      {error.status === 401 ? t('shell.sign_in.wrong') : t('shell.sign_in.too_many', { seconds: error.retryAfter ?? 60 })}
    </Alert>
  )
}
