import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteTarget, useSwitchTarget, useTargetKinds, useTargets } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'
import { TargetForm } from './TargetForm'

const colors: Record<Schemas['Target']['state'], string> = { ok: 'teal', failing: 'orange', disabled: 'gray', disabled_by_failing: 'red' }

/** Targets are where notices go; their secrets are never shown. */
export function Targets() {
  const { t } = useTranslation()
  const may = useMay('owner')
  const targets = useTargets()
  const kinds = useTargetKinds()
  const [edited, setEdited] = useState<Schemas['Target'] | 'new'>()
  const [deleted, setDeleted] = useState<Schemas['Target']>()
  const remove = useDeleteTarget()
  const turn = useSwitchTarget()
  const kindOf = (name: string) => kinds.data?.items.find((k) => k.name === name)?.title ?? name
  return (
    <Stack gap="sm">
      {may && (
        <Group justify="end">
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
            {t('alerts.target.new')}
          </Button>
        </Group>
      )}
      <Listed
        query={targets}
        failed={turn.error}
        label={t('alerts.tab.targets')}
        columns={[t('alerts.target.name'), t('alerts.target.kind'), t('alerts.target.state_label'), t('alerts.target.sent'), t('alerts.tab.policies'), '']}
        empty={{ title: t('alerts.target.none'), text: t('alerts.target.none_text') }}
        width={700}
        row={(target) => (
          <Table.Tr key={target.id}>
            <Table.Td>
              <bdi>{target.name}</bdi>
            </Table.Td>
            <Table.Td>{kindOf(target.kind)}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[target.state]} tt="none" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                {t(`alerts.target.state.${target.state}`)}
              </Badge>
              {(target.last_error ?? target.disabled_why ?? target.problem) && (
                <Text size="xs" c="dimmed" lineClamp={2} maw={280}>
                  {target.problem ?? target.disabled_why ?? target.last_error}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <When at={target.last_sent_at} />
            </Table.Td>
            <Table.Td>{target.policies.map((p) => p.name).join(', ') || '–'}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => setEdited(target)} remove={() => setDeleted(target)}>
                  <Button size="compact-xs" variant="default" onClick={() => turn.mutate({ id: target.id, on: !target.enabled })}>
                    {t(target.enabled ? 'alerts.target.disable' : 'alerts.target.enable')}
                  </Button>
                </EditDelete>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && kinds.data && <TargetForm target={edited === 'new' ? undefined : edited} kinds={kinds.data.items} close={() => setEdited(undefined)} />}
      {deleted && <Delete name={deleted.name} id={deleted.id} text={t('alerts.target.delete_text')} remove={remove} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}
