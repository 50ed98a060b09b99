import { Badge, Button, Group, Stack, Table, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { session, useAccess } from '@/api/session'
import { Ask } from '@/components/Ask'
import { Delete } from '@/components/Delete'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'

type Workspace = Schemas['Workspace']

/** Workspaces own hosts, keys, inspections and events, apart from each other. */
export function Workspaces() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { workspace: here } = useAccess()
  const [named, setNamed] = useState<Workspace | 'new'>()
  const [deleted, setDeleted] = useState<Workspace>()
  const workspaces = useQuery({ queryKey: ['settings', 'workspaces'], queryFn: () => unwrap(api.GET('/api/v1/workspaces')) })
  return (
    <Stack gap="sm">
      <Group justify="end">
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setNamed('new')}>
          {t('settings.workspaces.new')}
        </Button>
      </Group>
      <Listed
        query={workspaces}
        label={t('settings.tab.workspaces')}
        columns={[t('settings.workspaces.name'), t('settings.workspaces.created'), '']}
        empty={{ title: t('settings.workspaces.none') }}
        width={520}
        row={(w) => (
          <Table.Tr key={w.id}>
            <Table.Td>
              <bdi>{w.name}</bdi>
            </Table.Td>
            <Table.Td>
              <When at={w.created_at} />
            </Table.Td>
            <Table.Td>
              <Group gap="xs" justify="end" wrap="nowrap">
                {w.id === here ? (
                  <Badge variant="light" tt="none">
                    {t('settings.workspaces.current')}
                  </Badge>
                ) : (
                  <Button
                    size="compact-xs"
                    variant="light"
                    onClick={() => {
                      session.enter(w.id)
                      client.clear()
                    }}
                  >
                    {t('settings.workspaces.enter')}
                  </Button>
                )}
                <Button size="compact-xs" variant="default" onClick={() => setNamed(w)}>
                  {t('settings.workspaces.rename')}
                </Button>
                {w.id !== here && (
                  <Button size="compact-xs" variant="default" onClick={() => setDeleted(w)}>
                    {t('shell.action.delete')}
                  </Button>
                )}
              </Group>
            </Table.Td>
          </Table.Tr>
        )}
      />
      {named && <Named workspace={named === 'new' ? undefined : named} close={() => setNamed(undefined)} />}
      {deleted && <Deleted workspace={deleted} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}

function Named({ workspace, close }: { workspace?: Workspace; close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(workspace?.name ?? '')
  const save = useChange(
    (body: { name: string }) => (workspace ? unwrap(api.PUT('/api/v1/workspaces/{id}', { params: { path: { id: workspace.id } }, body })) : unwrap(api.POST('/api/v1/workspaces', { body }))),
    ['settings', 'workspaces'],
  )
  const go = t(workspace ? 'settings.workspaces.rename' : 'settings.workspaces.new')
  return (
    <Ask title={go} go={go} busy={save.isPending} error={save.error} disabled={name.trim() === ''} close={close} submit={() => save.mutate({ name: name.trim() }, { onSuccess: close })}>
      <TextInput label={t('settings.workspaces.name')} required value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus />
    </Ask>
  )
}

function Deleted({ workspace, close }: { workspace: Workspace; close: () => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const remove = useChange((id: string) => unwrap(api.DELETE('/api/v1/workspaces/{id}', { params: { path: { id } } })), ['settings', 'workspaces'])
  return (
    <Delete name={workspace.name} id={workspace.id} text={t('settings.workspaces.delete_text')} remove={remove} disabled={typed !== workspace.name} close={close}>
      <TextInput label={t('settings.workspaces.name')} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} data-autofocus />
    </Delete>
  )
}
