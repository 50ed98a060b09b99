import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefaultPolicy, useDeletePolicy, usePolicies, useTargets } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { PolicyForm } from './PolicyForm'

/** Policies say who is told of which events. */
export function Policies() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const policies = usePolicies()
  const targets = useTargets()
  const [edited, setEdited] = useState<Schemas['Policy'] | 'new'>()
  const [deleted, setDeleted] = useState<Schemas['Policy']>()
  const remove = useDeletePolicy()
  const prefer = useDefaultPolicy()
  const nameOf = (id: string) => targets.data?.items.find((target) => target.id === id)?.name ?? id
  return (
    <Stack gap="sm">
      {may && (
        <Group justify="end">
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
            {t('alerts.policy.new')}
          </Button>
        </Group>
      )}
      <Listed
        query={policies}
        failed={prefer.error}
        label={t('alerts.tab.policies')}
        columns={[t('alerts.policy.name'), t('alerts.policy.rules'), t('alerts.policy.used'), '']}
        empty={{ title: t('alerts.policy.none') }}
        width={640}
        row={(policy) => (
          <Table.Tr key={policy.id}>
            <Table.Td>
              <Group gap={6}>
                <bdi>{policy.name}</bdi>
                {policy.is_default && (
                  <Badge size="xs" variant="default" tt="none">
                    {t('alerts.policy.default')}
                  </Badge>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {policy.description}
              </Text>
            </Table.Td>
            <Table.Td>
              {policy.rules.map((rule, i) => (
                <Text key={i} size="sm">{`${i + 1}. ${rule.levels.length === 0 ? '' : `${rule.levels.map((level) => t(`domain.level.${level}`)).join(', ')} → `}${rule.targets.map(nameOf).join(', ') || '–'}`}</Text>
              ))}
            </Table.Td>
            <Table.Td>{policy.inspections.map((i) => i.name).join(', ') || '–'}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => setEdited(policy)} remove={policy.is_default ? undefined : () => setDeleted(policy)}>
                  {!policy.is_default && (
                    <Button size="compact-xs" variant="default" onClick={() => prefer.mutate(policy.id)}>
                      {t('alerts.policy.make_default')}
                    </Button>
                  )}
                </EditDelete>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <PolicyForm policy={edited === 'new' ? undefined : edited} targets={targets.data?.items ?? []} close={() => setEdited(undefined)} />}
      {deleted && <Delete name={deleted.name} id={deleted.id} text={t('alerts.policy.delete_text')} remove={remove} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}
