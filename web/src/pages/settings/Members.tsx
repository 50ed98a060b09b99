import { Button, Group, Select, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap } from '@/api/client'
import { Failure } from '@/components/Failure'
import { When } from '@/components/When'

type Role = 'owner' | 'editor' | 'viewer'
const roles: Role[] = ['owner', 'editor', 'viewer']

/** Members are the people of the workspace and what they may do. */
export function Members() {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
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
      {(members.error ?? set.error ?? remove.error) && <Failure error={members.error ?? set.error ?? remove.error} />}
      {members.isPending && !members.error && <Skeleton height={100} />}
      {members.data?.items.length === 0 && <Text c="dimmed">{t('settings.members.none')}</Text>}
      {members.data && members.data.items.length > 0 && (
        <Table maw={720} aria-label={t('settings.tab.members')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.members.name')}</Table.Th>
              <Table.Th>{t('settings.members.role')}</Table.Th>
              <Table.Th>{t('settings.members.since')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {members.data.items.map((m) => (
              <Table.Tr key={m.user_id}>
                <Table.Td>{m.name}</Table.Td>
                <Table.Td>
                  <Select size="xs" w={130} data={data} value={m.role} allowDeselect={false} aria-label={`${t('settings.members.role')} ${m.name}`} onChange={(r) => r && set.mutate({ user: m.user_id, role: r as Role })} />
                </Table.Td>
                <Table.Td>
                  <When at={m.created_at} />
                </Table.Td>
                <Table.Td>
                  <Button size="compact-xs" variant="default" onClick={() => remove.mutate(m.user_id)}>
                    {t('settings.members.remove')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  )
}
