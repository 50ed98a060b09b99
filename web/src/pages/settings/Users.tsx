import { Button, Checkbox, Group, PasswordInput, Stack, Switch, Table, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { Delete } from '@/components/Delete'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'

type User = Schemas['User']

/** Users are the accounts of the instance. */
export function Users() {
  const { t } = useTranslation()
  const [making, setMaking] = useState(false)
  const [reset, setReset] = useState<User>()
  const [deleted, setDeleted] = useState<User>()
  const users = useQuery({ queryKey: ['settings', 'users'], queryFn: () => unwrap(api.GET('/api/v1/users')) })
  const change = useChange(
    (u: User) =>
      unwrap(api.PUT('/api/v1/users/{id}', { params: { path: { id: u.id } }, body: { email: u.email, administrator: u.administrator, disabled: u.disabled, language: u.language } })),
    ['settings', 'users'],
  )
  const remove = useChange((id: string) => unwrap(api.DELETE('/api/v1/users/{id}', { params: { path: { id } } })), ['settings', 'users'], ['settings', 'members'])
  return (
    <Stack gap="sm">
      <Group justify="end">
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
          {t('settings.users.new')}
        </Button>
      </Group>
      <Listed
        query={users}
        failed={change.error}
        label={t('settings.tab.users')}
        columns={[t('settings.users.name'), t('settings.users.email'), t('settings.users.administrator'), t('settings.users.disabled'), t('settings.users.seen'), '']}
        empty={{ title: t('settings.users.none') }}
        width={720}
        row={(u) => (
          <Table.Tr key={u.id}>
            <Table.Td>
              <bdi>{u.name}</bdi>
            </Table.Td>
            <Table.Td>{u.email ?? '–'}</Table.Td>
            <Table.Td>
              <Switch aria-label={`${t('settings.users.administrator')} ${u.name}`} checked={u.administrator} onChange={(e) => change.mutate({ ...u, administrator: e.currentTarget.checked })} />
            </Table.Td>
            <Table.Td>
              <Switch aria-label={`${t('settings.users.disabled')} ${u.name}`} checked={u.disabled} onChange={(e) => change.mutate({ ...u, disabled: e.currentTarget.checked })} />
            </Table.Td>
            <Table.Td>
              <When at={u.last_seen_at} />
            </Table.Td>
            <Table.Td>
              <Group gap="xs" justify="end" wrap="nowrap">
                <Button size="compact-xs" variant="default" onClick={() => setReset(u)}>
                  {t('settings.users.reset')}
                </Button>
                <Button size="compact-xs" variant="default" onClick={() => setDeleted(u)}>
                  {t('shell.action.delete')}
                </Button>
              </Group>
            </Table.Td>
          </Table.Tr>
        )}
      />
      {making && <NewUser close={() => setMaking(false)} />}
      {reset && <Reset user={reset} close={() => setReset(undefined)} />}
      {deleted && <Delete name={deleted.name} id={deleted.id} text={t('settings.users.delete_text')} remove={remove} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}

const least = 10 // characters of a password

function NewUser({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const [body, setBody] = useState({ name: '', password: '', email: '', administrator: false })
  const make = useChange(
    (b: typeof body) => unwrap(api.POST('/api/v1/users', { body: { ...b, email: b.email || undefined } })),
    ['settings', 'users'],
  )
  return (
    <Ask
      title={t('settings.users.new')}
      go={t('settings.users.new')}
      busy={make.isPending}
      error={make.error}
      disabled={body.name.trim() === '' || body.password.length < least}
      typed={body.name !== '' || body.password !== '' || body.email !== ''}
      close={close}
      submit={() => make.mutate(body, { onSuccess: close })}
    >
      <TextInput label={t('settings.users.name')} required value={body.name} onChange={(e) => setBody({ ...body, name: e.currentTarget.value })} data-autofocus />
      <PasswordInput label={t('settings.users.password')} description={t('shell.password.short')} required autoComplete="new-password" value={body.password} onChange={(e) => setBody({ ...body, password: e.currentTarget.value })} />
      <TextInput label={t('settings.users.email')} type="email" value={body.email} onChange={(e) => setBody({ ...body, email: e.currentTarget.value })} />
      <Checkbox label={t('settings.users.administrator')} checked={body.administrator} onChange={(e) => setBody({ ...body, administrator: e.currentTarget.checked })} />
    </Ask>
  )
}

function Reset({ user, close }: { user: User; close: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const reset = useChange((body: { password: string }) => unwrap(api.PUT('/api/v1/users/{id}/password', { params: { path: { id: user.id } }, body })))
  return (
    <Ask
      title={t('settings.users.reset')}
      go={t('settings.users.reset')}
      busy={reset.isPending}
      error={reset.error}
      disabled={password.length < least}
      close={close}
      submit={() => reset.mutate({ password }, { onSuccess: close })}
    >
      <PasswordInput label={t('settings.users.new_password', { name: user.name })} description={t('shell.password.short')} autoComplete="new-password" value={password} onChange={(e) => setPassword(e.currentTarget.value)} data-autofocus />
    </Ask>
  )
}
