import { Button, Group, Select, Stack, Table, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'

type Role = 'owner' | 'editor' | 'viewer'
const roles: Role[] = ['owner', 'editor', 'viewer']

/** Members are the people of the workspace and what they may do. */
export function Members() {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [removed, setRemoved] = useState<Schemas['Member']>()
  const members = useQuery({ queryKey: ['settings', 'members'], queryFn: () => unwrap(api.GET('/api/v1/members')) })
  const set = useChange(
    (m: { user: string; role: Role }) => unwrap(api.PUT('/api/v1/members/{user}', { params: { path: { user: m.user } }, body: { role: m.role } })),
    ['settings', 'members'],
  )
  const remove = useChange((user: string) => unwrap(api.DELETE('/api/v1/members/{user}', { params: { path: { user } } })), ['settings', 'members'])
  const data = roles.map((value) => ({ value, label: t(`domain.role.${value}`) }))
  return (
    <Stack gap="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault()
          set.mutate({ user: name.trim(), role }, { onSuccess: () => setName('') })
        }}
      >
        <Group align="end" gap="xs">
          <TextInput label={t('settings.members.name')} description={t('settings.members.add_text')} required value={name} onChange={(e) => setName(e.currentTarget.value)} w={320} />
          <Select label={t('settings.members.role')} data={data} value={role} allowDeselect={false} onChange={(r) => setRole((r ?? 'viewer') as Role)} w={140} />
          <Button type="submit" loading={set.isPending}>
            {t('settings.members.add')}
          </Button>
        </Group>
      </form>
      <Listed
        query={members}
        failed={set.error}
        label={t('settings.tab.members')}
        columns={[t('settings.members.name'), t('settings.members.role'), t('settings.members.since'), '']}
        empty={{ title: t('settings.members.none'), text: t('settings.members.none_text') }}
        width={480}
        row={(m) => (
          <Table.Tr key={m.user_id}>
            <Table.Td>
              <bdi>{m.name}</bdi>
            </Table.Td>
            <Table.Td>
              <Select size="xs" w={130} data={data} value={m.role} allowDeselect={false} aria-label={`${t('settings.members.role')} ${m.name}`} onChange={(r) => r && set.mutate({ user: m.user_id, role: r as Role })} />
            </Table.Td>
            <Table.Td>
              <When at={m.created_at} />
            </Table.Td>
            <Table.Td ta="end">
              <Button size="compact-xs" variant="default" onClick={() => setRemoved(m)}>
                {t('settings.members.remove')}
              </Button>
            </Table.Td>
          </Table.Tr>
        )}
      />
      {removed && (
        <Ask
          title={t('settings.members.remove_title', { name: removed.name })}
          text={t('settings.members.remove_text')}
          go={t('settings.members.remove')}
          danger
          busy={remove.isPending}
          error={remove.error}
          close={() => setRemoved(undefined)}
          submit={() => remove.mutate(removed.user_id, { onSuccess: () => setRemoved(undefined) })}
        />
      )}
    </Stack>
  )
}
