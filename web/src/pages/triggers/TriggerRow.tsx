import { ActionIcon, Anchor, Badge, Button, Group, Menu, Stack, Switch, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots, IconEdit, IconHistory, IconPlayerPlay, IconRadar2, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteTrigger, useRunTrigger, useSwitchTrigger, type Trigger } from '@/api/triggers'
import { Delete } from '@/components/Delete'
import { RunBadge } from '@/components/RunBadge'
import { When } from '@/components/When'
import { useLanguage } from '@/components/useLanguage'
import { duration } from '@/lib/format'

type Props = { trigger: Trigger; may: boolean; paused: boolean }

/** TriggerRow is a trigger in the list: what it runs, when, how it went last, what can be done. */
export function TriggerRow({ trigger, may, paused }: Props) {
  const { t } = useTranslation()
  const run = useRun()
  const enable = useSwitchTrigger()
  const remove = useDeleteTrigger()
  const [deleting, setDeleting] = useState(false)
  const name = trigger.title || trigger.function
  return (
    <Table.Tr>
      <Table.Td maw={340}>
        <What trigger={trigger} />
      </Table.Td>
      <Table.Td>
        <Schedule trigger={trigger} paused={paused} />
      </Table.Td>
      <Table.Td>
        <LastRun run={trigger.last_run} />
      </Table.Td>
      <Table.Td>
        <When at={trigger.next_run_at} />
      </Table.Td>
      <Table.Td>
        <Switch
          checked={enable.isPending ? enable.variables.on : trigger.enabled}
          disabled={!may} // not while it is switched: whoever works by keyboard would lose the place
          aria-label={t('triggers.enable', { name })}
          onChange={(e) => !enable.isPending && enable.mutate({ id: trigger.id, on: e.currentTarget.checked }, { onError: (error) => notifications.show({ color: 'red', message: error.message }) })}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="end">
          {may && (
            <Button size="compact-xs" variant="light" leftSection={<IconPlayerPlay size={12} />} loading={run.isPending} onClick={() => run.start(trigger.id)}>
              {t('triggers.run')}
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t('triggers.actions', { name })}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} to="/runs" search={{ trigger: trigger.id } as never} leftSection={<IconHistory size={14} />}>
                {t('triggers.records')}
              </Menu.Item>
              {trigger.inspection_id && (
                <Menu.Item component={Link} to={`/inspections/${trigger.inspection_id}`} leftSection={<IconRadar2 size={14} />}>
                  {t('triggers.inspection')}
                </Menu.Item>
              )}
              <Menu.Item component={Link} to={`/triggers/${trigger.id}`} leftSection={<IconEdit size={14} />}>
                {t(may ? 'triggers.configure' : 'triggers.open')}
              </Menu.Item>
              {may && (
                <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setDeleting(true)}>
                  {t('shell.action.delete')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
        {deleting && <Delete name={name} id={trigger.id} text={t('triggers.delete_text')} remove={remove} close={() => setDeleting(false)} />}
      </Table.Td>
    </Table.Tr>
  )
}

/** useRun runs a trigger now, and leads to its record. */
export function useRun() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const run = useRunTrigger()
  return {
    isPending: run.isPending,
    start: (id: string) =>
      run.mutate(id, {
        onSuccess: (begun) => {
          notifications.show({ message: t('triggers.begun') })
          void navigate({ to: '/runs/$id', params: { id: begun.id } })
        },
        onError: (error) => notifications.show({ color: 'red', message: error.message }),
      }),
  }
}

function What({ trigger }: { trigger: Trigger }) {
  return (
    <Stack gap={2}>
      <Anchor component={Link} to={`/triggers/${trigger.id}`} fw={500} size="sm" truncate display="block">
        <bdi>{trigger.title || trigger.function}</bdi>
      </Anchor>
      <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {`${trigger.script}.${trigger.function}`}
      </Text>
      {trigger.tags && trigger.tags.length > 0 && (
        <Group gap={4}>
          {trigger.tags.map((tag) => (
            <Badge key={tag} size="xs" variant="default" tt="none">
              {tag}
            </Badge>
          ))}
        </Group>
      )}
      {trigger.note && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          {trigger.note}
        </Text>
      )}
      {(trigger.problem || trigger.last_run?.error) && (
        <Text size="xs" c="red" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
          {trigger.problem || trigger.last_run?.error}
        </Text>
      )}
    </Stack>
  )
}

function Schedule({ trigger, paused }: { trigger: Trigger; paused: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Stack gap={2}>
      <Group gap={6}>
        <Text size="sm" ff="monospace">
          {trigger.schedule}
        </Text>
        <Badge size="xs" variant="default" tt="none">
          {t(trigger.fixed ? 'triggers.fixed' : 'triggers.dynamic')}
        </Badge>
        {(paused || trigger.paused) && (
          <Badge size="xs" color="yellow.4" autoContrast tt="none">
            {t('triggers.paused')}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {[trigger.time_zone || 'UTC', t('triggers.timeout', { duration: duration(trigger.timeout_seconds, language) })].join(' · ')}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {t('triggers.created')} <When at={trigger.created_at} />
        {trigger.expires_at && (
          <>
            {` · ${t('triggers.expires')} `}
            <When at={trigger.expires_at} />
          </>
        )}
      </Text>
    </Stack>
  )
}

function LastRun({ run }: { run: Trigger['last_run'] }) {
  const { t } = useTranslation()
  if (!run) {
    return (
      <Text size="sm" c="dimmed">
        {t('triggers.never')}
      </Text>
    )
  }
  return (
    <Anchor component={Link} to={`/runs/${run.id}`} size="sm" underline="never">
      <Group gap={6} wrap="nowrap">
        <When at={run.ended_at ?? run.scheduled_at} />
        <RunBadge status={run.status} />
      </Group>
    </Anchor>
  )
}
