import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap } from '@/api/client'
import { SaveFailure } from '@/components/SaveFailure'

const least = 10 // characters

/** Password changes one's own. */
export function Password() {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: { old: '', next: '', again: '' },
    validate: {
      next: (value) => (value.length < least ? t('shell.password.short') : null),
      again: (value, values) => (value !== values.next ? t('shell.password.differs') : null),
    },
  })
  const change = useChange((v: typeof form.values) => unwrap(api.PUT('/api/v1/session/password', { body: { old: v.old, new: v.next } })))
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        change.mutate(values, {
          onSuccess: () => {
            form.reset()
            notifications.show({ color: 'teal', message: t('shell.password.done') })
          },
        }),
      )}
    >
      <Stack maw={360}>
        <PasswordInput label={t('shell.password.current')} autoComplete="current-password" required {...form.getInputProps('old')} />
        <PasswordInput label={t('shell.password.next')} autoComplete="new-password" required {...form.getInputProps('next')} />
        <PasswordInput label={t('shell.password.again')} autoComplete="new-password" required {...form.getInputProps('again')} />
        <SaveFailure error={change.error} />
        <Button type="submit" loading={change.isPending}>
          {t('shell.password.submit')}
        </Button>
      </Stack>
    </form>
  )
}
