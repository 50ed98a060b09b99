import { ActionIcon, Anchor, Badge, Button, Group, Menu, Stack, Switch, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBell, IconCopy, IconDots, IconDownload, IconHistory, IconPlayerPlay, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePolicies } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useCommand, useInspections, type Command } from '@/api/inspections'
import { session, useMay } from '@/api/session'
import { Carded } from '@/components/Carded'
import { Delete } from '@/components/Delete'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { RunBadge } from '@/components/RunBadge'
import { TableWaiting } from '@/components/TableWaiting'
import { When } from '@/components/When'
import { whole } from '@/lib/format'
import { ImportInspections } from './ImportInspections'

const exportAddress = (id?: string) => {
  const parameters = new URLSearchParams({ workspace: session.get().workspace ?? '' })
  if (id) parameters.set('id', id)
  return `/api/v1/inspections/export?${parameters.toString()}`
}

const columns = ['name', 'hosts', 'schedule', 'last', 'next', 'events', 'policy', 'enabled'] as const

/** InspectionsPage lists what is inspected, with how it goes and who is told. */
export function InspectionsPage() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const inspections = useInspections()
  const policies = usePolicies()
  const [importing, setImporting] = useState(false)
  const rows = inspections.data?.items ?? []
  const policyOf = (i: Schemas['Inspection']) => policies.data?.items.find((p) => (i.policy_id ? p.id === i.policy_id : p.is_default))?.name
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Heading name={t('inspections.title')} />
        <Group gap="xs">
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} component="a" href={exportAddress()} download>
            {t('inspections.export')}
          </Button>
          {may && (
            <>
              <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} onClick={() => setImporting(true)}>
                {t('inspections.import')}
              </Button>
              <Button size="xs" leftSection={<IconPlus size={14} />} component={Link} to="/inspections/new">
                {t('inspections.new')}
              </Button>
            </>
          )}
        </Group>
      </Group>
      {importing && <ImportInspections close={() => setImporting(false)} />}
      {inspections.error && <Failure error={inspections.error} retry={() => void inspections.refetch()} />}
      {inspections.isPending && !inspections.error && <TableWaiting />}
      {inspections.data && rows.length === 0 && <Empty title={t('inspections.none')} text={t('inspections.none_text')} />}
      {rows.length > 0 && (
        <Carded label={t('inspections.title')} columns={[...columns.map((column) => t(`inspections.column.${column}`)), '']} width={980} less={[2, 5, 7]}>
          {rows.map((inspection) => (
            <Row key={inspection.id} inspection={inspection} policy={policyOf(inspection)} may={may} />
          ))}
        </Carded>
      )}
    </Stack>
  )
}

function Row({ inspection: i, policy, may }: { inspection: Schemas['Inspection']; policy: string | undefined; may: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const command = useCommand()
  const switching = command.isPending && ['enable', 'disable'].includes(command.variables.command)
  const [deleting, setDeleting] = useState(false)
  const lines = (i.hosts ?? '').split('\n').filter((line) => line.trim() !== '')
  const go = (what: Command, done?: (answer: { id?: string }) => void) =>
    command.mutate(
      { id: i.id, command: what },
      { onSuccess: done, onError: (error) => notifications.show({ color: 'red', message: error.message }) },
    )
  return (
    <Table.Tr>
      <Table.Td maw={280}>
        <Anchor component={Link} to={`/inspections/${i.id}`} fw={500} size="sm" truncate display="block">
          <bdi>{i.name}</bdi>
        </Anchor>
        <Group gap={4}>
          {i.origin !== 'app' && (
            <Badge size="xs" variant="default" tt="none">
              {t('inspections.origin', { origin: t(`domain.origin.${i.origin}`) })}
            </Badge>
          )}
          {i.tags?.map((tag) => (
            <Badge key={tag} size="xs" variant="default" tt="none">
              {tag}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere', minWidth: 72 }}>{lines.length === 0 ? t('inspections.all_hosts') : lines.length === 1 ? <bdi>{lines[0]}</bdi> : t('inspections.lines', { count: lines.length })}</Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
          {i.schedule}
        </Text>
        {i.time_zone && (
          <Text size="xs" c="dimmed">
            {i.time_zone}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {i.last_run ? (
          <Anchor component={Link} to={`/runs/${i.last_run.id}`} size="sm" underline="never">
            <Group gap={6} wrap="nowrap">
              <RunBadge status={i.last_run.status} />
              <When at={i.last_run.ended_at ?? i.last_run.scheduled_at} />
            </Group>
          </Anchor>
        ) : (
          <Text size="sm" c="dimmed">
            {t('inspections.never')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <When at={i.next_run_at} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to="/events" search={{ inspection: i.id } as never} size="sm">
          {whole(i.open_events)}
        </Anchor>
      </Table.Td>
      <Table.Td maw={160}>
        {policy === undefined ? (
          <Text size="sm" c="dimmed" children="–" />
        ) : (
          <Anchor component={Link} to="/alerts/policies" size="sm" truncate display="block">
            <bdi>{policy}</bdi>
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>
        <Switch
          checked={switching ? command.variables.command === 'enable' : i.enabled}
          disabled={!may} // not while it is switched: whoever works by keyboard would lose the place
          aria-label={t('inspections.enable', { name: i.name })}
          onChange={(e) => !command.isPending && go(e.currentTarget.checked ? 'enable' : 'disable')}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          {may && (
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconPlayerPlay size={12} />}
              loading={command.isPending && command.variables.command === 'run'}
              onClick={() =>
                go('run', (run) => {
                  notifications.show({ message: t('inspections.running') })
                  if (run.id) void navigate({ to: '/runs/$id', params: { id: run.id } })
                })
              }
            >
              {t('inspections.run')}
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t('inspections.actions', { name: i.name })}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} to="/events" search={{ status: 'all', inspection: i.id } as never} leftSection={<IconBell size={14} />}>
                {t('inspections.events')}
              </Menu.Item>
              <Menu.Item component={Link} to="/runs" search={{ inspection: i.id } as never} leftSection={<IconHistory size={14} />}>
                {t('inspections.runs')}
              </Menu.Item>
              <Menu.Item component="a" href={exportAddress(i.id)} download leftSection={<IconDownload size={14} />}>
                {t('inspections.export')}
              </Menu.Item>
              {may && (
                <>
                  <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => go('duplicate', () => notifications.show({ message: t('inspections.duplicated') }))}>
                    {t('inspections.duplicate')}
                  </Menu.Item>
                  <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setDeleting(true)}>
                    {t('shell.action.delete')}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
        {deleting && (
          <Delete
            name={i.name}
            id={i.id}
            text={t('inspections.delete_text')}
            remove={{ ...command, mutate: () => go('delete', () => notifications.show({ message: t('inspections.deleted') })) }}
            close={() => setDeleting(false)}
          />
        )}
      </Table.Td>
    </Table.Tr>
  )
}
