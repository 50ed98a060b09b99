import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus, IconRoute } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefaultPolicy, useDeletePolicy, usePolicies, usePolicy, useTargets } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useInspections } from '@/api/inspections'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { useLanguage } from '@/components/useLanguage'
import { duration } from '@/lib/format'
import { PolicyForm } from './PolicyForm'
import { RuleLine } from './RuleLine'
import { sayGroups } from './said'
import { useEdited } from './useEdited'
import { WhatWould } from './WhatWould'

/** Policies say who is told of which events. */
export function Policies() {
  const { t } = useTranslation()
  const language = useLanguage()
  const may = useMay('editor')
  const policies = usePolicies()
  const targets = useTargets()
  const inspections = useInspections()
  const { edited, failed, reload, edit, close } = useEdited(usePolicy)
  const [deleted, setDeleted] = useState<Schemas['Policy']>()
  const [asking, setAsking] = useState(false)
  const remove = useDeletePolicy()
  const prefer = useDefaultPolicy()
  const known = targets.data?.items ?? []
  return (
    <Stack gap="sm">
      <Group justify="end" gap="xs">
        <Button size="xs" variant="default" leftSection={<IconRoute size={14} />} aria-expanded={asking} onClick={() => setAsking(!asking)}>
          {t('alerts.event.explain')}
        </Button>
        {may && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => edit('new')}>
            {t('alerts.policy.new')}
          </Button>
        )}
      </Group>
      {asking && <WhatWould />}
      <Listed
        query={policies}
        names={[targets, inspections]}
        failed={prefer.error ?? failed}
        label={t('alerts.tab.policies')}
        columns={[t('alerts.policy.name'), t('alerts.policy.rules'), t('alerts.policy.together'), t('alerts.policy.used'), '']}
        empty={{ title: t('alerts.policy.none') }}
        width={820}
        row={(policy) => (
          <Table.Tr key={policy.id}>
            <Table.Td maw={220}>
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
                <RuleLine key={i} rule={rule} zone={policy.time_zone ?? ''} targets={known} number={i + 1} />
              ))}
              {policy.rules.length === 0 && <Text size="sm">{t('alerts.policy.no_rule')}</Text>}
            </Table.Td>
            <Table.Td miw={180} maw={240}>
              <Text size="sm">
                {policy.window_seconds === 0
                  ? t('alerts.policy.at_once')
                  : t('alerts.policy.gathered', { duration: duration(policy.window_seconds, language), fields: sayGroups(policy.group_by, t) })}
              </Text>
              <Text size="xs" c="dimmed">
                {policy.again_seconds === 0 ? t('alerts.policy.never_again') : t('alerts.policy.told_again', { duration: duration(policy.again_seconds, language) })}
              </Text>
            </Table.Td>
            <Table.Td>{policy.inspections.map((i) => i.name).join(', ') || '–'}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => edit(policy.id)} remove={policy.is_default ? undefined : () => setDeleted(policy)}>
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
      {may && edited && targets.data && <PolicyForm key={edited.key} edited={edited.one} reload={reload} targets={known} close={close} />}
      {deleted && (
        <Delete
          name={deleted.name}
          id={deleted.id}
          text={deleted.inspections.length > 0 ? t('alerts.policy.delete_used', { names: deleted.inspections.map((i) => i.name).join(', ') }) : t('alerts.policy.delete_text')}
          remove={remove}
          disabled={deleted.inspections.length > 0}
          close={() => setDeleted(undefined)}
        />
      )}
    </Stack>
  )
}
