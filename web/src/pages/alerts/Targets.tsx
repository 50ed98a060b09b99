import { Anchor, Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteTarget, useSwitchTarget, useTarget, useTargetKinds, useTargets } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'
import { TargetForm } from './TargetForm'
import { useEdited } from './useEdited'

const colors: Record<Schemas['Target']['state'], string> = { ok: 'teal', failing: 'orange', disabled: 'gray', disabled_by_failing: 'red' }

/** Targets are where notices go; their secrets are never shown. */
export function Targets() {
  const { t } = useTranslation()
  const may = useMay('owner')
  const targets = useTargets()
  const kinds = useTargetKinds()
  const { edited, failed, reload, edit, close } = useEdited(useTarget)
  const [deleted, setDeleted] = useState<Schemas['Target']>()
  const remove = useDeleteTarget()
  const turn = useSwitchTarget()
  const kindOf = (name: string) => kinds.data?.items.find((k) => k.name === name)?.title ?? name
  return (
    <Stack gap="sm">
      {may && (
        <Group justify="end">
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => edit('new')}>
            {t('alerts.target.new')}
          </Button>
        </Group>
      )}
      <Listed
        query={targets}
        failed={turn.error ?? failed}
        label={t('alerts.tab.targets')}
        columns={[t('alerts.target.name'), t('alerts.target.kind'), t('alerts.target.state_label'), t('alerts.target.sent'), t('alerts.tab.policies'), '']}
        empty={{ title: t('alerts.target.none'), text: t('alerts.target.none_text') }}
        width={760}
        row={(target) => (
          <Table.Tr key={target.id}>
            <Table.Td>
              <bdi>{target.name}</bdi>
            </Table.Td>
            <Table.Td>{kindOf(target.kind)}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[target.state]} tt="none" miw="max-content" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                {t(`alerts.target.state.${target.state}`)}
              </Badge>
              <Trouble target={target} />
            </Table.Td>
            <Table.Td>
              <When at={target.last_sent_at} />
              <Anchor component={Link} to="/alerts/notices" search={{ target: target.id } as never} size="xs" display="block">
                {t('alerts.tab.notices')}
              </Anchor>
            </Table.Td>
            <Table.Td>{target.policies.map((p) => p.name).join(', ') || '–'}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => edit(target.id)} remove={() => setDeleted(target)}>
                  <Button size="compact-xs" variant="default" onClick={() => turn.mutate({ id: target.id, on: !target.enabled })}>
                    {t(target.enabled ? 'alerts.target.disable' : 'alerts.target.enable')}
                  </Button>
                </EditDelete>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {may && edited && kinds.data && <TargetForm key={edited.key} edited={edited.one} reload={reload} kinds={kinds.data.items} close={close} />}
      {deleted && (
        <Delete
          name={deleted.name}
          id={deleted.id}
          text={deleted.policies.length > 0 ? t('alerts.target.delete_used', { names: deleted.policies.map((p) => p.name).join(', ') }) : t('alerts.target.delete_text')}
          remove={remove}
          disabled={deleted.policies.length > 0}
          close={() => setDeleted(undefined)}
        />
      )}
    </Stack>
  )
}

// Trouble says since when a target takes nothing, and what it said last.
function Trouble({ target }: { target: Schemas['Target'] }) {
  const { t } = useTranslation()
  const said = target.problem ?? target.last_error
  const since = target.state === 'disabled_by_failing' ? target.disabled_at : target.state === 'failing' ? target.failing_since : undefined
  if (!said && !since) return null
  return (
    <Text size="xs" c="dimmed" maw={300} component="div">
      {since && (
        <>
          {t(target.state === 'failing' ? 'alerts.target.failing_since' : 'alerts.target.disabled_since')} <When at={since} />
        </>
      )}
      {target.state === 'disabled_by_failing' && <div>{t('alerts.target.disabled_text')}</div>}
      {said && (
        <Text size="xs" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
          {said}
        </Text>
      )}
    </Text>
  )
}
