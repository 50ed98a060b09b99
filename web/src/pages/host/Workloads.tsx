import { Alert, Badge, Stack, Table, Tabs, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useHostWorkloads } from '@/api/hosts'
import { Carded } from '@/components/Carded'
import { Failure } from '@/components/Failure'
import { LevelBadge } from '@/components/LevelBadge'
import { ObjectName } from '@/components/ObjectName'
import { Section } from '@/components/Section'
import { TableWaiting } from '@/components/TableWaiting'
import { useAddress } from '@/components/useAddress'
import { Waits } from '@/components/Waits'
import { oneOf } from '@/lib/address'
import { bytes, share } from '@/lib/format'

const kinds = ['process', 'container', 'pod', 'kernel'] as const
const shape = { kind: oneOf(['', ...kinds], '') } // by default the first of which there is one

/** Workloads are what uses the memory of a host, by kind, the largest first. */
export function Workloads({ host }: { host: string }) {
  const { t } = useTranslation()
  const workloads = useHostWorkloads(host)
  const [{ kind: chosen }, change] = useAddress(shape)
  const items = workloads.data?.items ?? []
  const first = kinds.find((kind) => items.some((w) => w.object.kind === kind)) ?? 'process'
  return (
    <Section title={t('host.workloads')}>
      {workloads.error && <Failure error={workloads.error} retry={() => void workloads.refetch()} />}
      {!workloads.data && !workloads.error && <TableWaiting rows={6} />}
      {workloads.data && (
        <Stack gap="sm">
          {workloads.data.notes.map((note) => (
            <Alert key={note} color="yellow" py="xs">
              {note}
            </Alert>
          ))}
          <Tabs value={chosen || first} onChange={(kind) => change({ kind: (kind ?? '') as typeof chosen })}>
            <Tabs.List>
              {kinds.map((kind) => (
                <Tabs.Tab key={kind} value={kind} px={{ base: 8, sm: 'md' }} rightSection={<Badge size="xs" variant="default" circle={false} children={items.filter((w) => w.object.kind === kind).length} />}>
                  {t(`host.tab.${kind}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {kinds.map((kind) => (
              <Tabs.Panel key={kind} value={kind} pt="xs">
                <WorkloadTable workloads={items.filter((w) => w.object.kind === kind)} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </Stack>
      )}
    </Section>
  )
}

function WorkloadTable({ workloads }: { workloads: Schemas['Workload'][] }) {
  const { t } = useTranslation()
  if (workloads.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('host.no_workloads')}
      </Text>
    )
  }
  return (
    <Carded label={t('host.workloads')} columns={(['name', 'size', 'share', 'growth', 'limit', 'verdict'] as const).map((column) => t(`host.table.${column}`))} width={560} compact>
      {workloads.map((w) => (
        <Table.Tr key={`${w.object.namespace ?? ''}/${w.object.name ?? ''}`}>
          <Table.Td maw={280}>
            <ObjectName object={w.object} withHost={false} />
            {w.owner && (
              <Text size="xs" c="dimmed" truncate>
                {w.owner}
              </Text>
            )}
          </Table.Td>
          <Table.Td>{bytes(w.bytes)}</Table.Td>
          <Table.Td>{w.share > 0 ? share(w.share) : '–'}</Table.Td>
          <Table.Td>{bytes(w.growth_bytes)}</Table.Td>
          <Table.Td>{w.limit_bytes ? bytes(w.limit_bytes) : '–'}</Table.Td>
          <Table.Td>
            {w.verdict.leak ? <LevelBadge level={w.verdict.level} /> : t(`domain.cause.${w.verdict.cause}`)}
            <Waits verdict={w.verdict} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Carded>
  )
}
