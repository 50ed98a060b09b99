import { Alert, Progress, Table, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Carded } from '@/components/Carded'
import cells from '@/components/Cells.module.css'
import { ObjectName } from '@/components/ObjectName'
import { Section } from '@/components/Section'
import { Trend } from '@/components/Trend'
import { bytes, share } from '@/lib/format'
import { grown } from './stack'
import { StackedChart } from './StackedChart'

type Row = Schemas['TopWorkload'] & { suspect: boolean }

/** Workloads shows who made up the growth: the suspects first, then the largest at the time of the anomaly. */
export function Workloads({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const rows = useMemo(() => merge(e.suspects, e.snapshot.top), [e.suspects, e.snapshot.top])
  const killed = e.cause === 'restarting' && e.suspects[0] // the culprit: each of its lives counts
  const curves = useMemo(() => rows.flatMap((row) => (row.curve ? [{ name: row.name, curve: killed && key(killed) === key(row) ? { ...row.curve, killed: true } : row.curve }] : [])), [rows, killed])
  return (
    <Section title={t('event.who')}>
      {e.suspects.length === 0 && e.no_suspects && (
        <Alert color="yellow" title={t('event.nobody')}>
          {e.no_suspects}
        </Alert>
      )}
      {curves.length > 0 && <StackedChart curves={curves} label={t('event.stacked')} />}
      {rows.length > 0 && (
        <Carded label={t('event.who_title')} columns={(['name', 'kind', 'size', 'growth', 'share', 'curve'] as const).map((column) => t(`event.table.${column}`))} width={560} compact>
          {rows.map((row) => (
            <Table.Tr key={`${row.kind}/${row.namespace ?? ''}/${row.name}`} fw={row.suspect ? 600 : undefined}>
              <Table.Td maw={260}>
                <ObjectName object={{ ...row, host: e.object.host }} withHost={false} />
                {row.owner && (
                  <Text size="xs" c="dimmed" truncate>
                    {row.owner}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{t(`domain.kind.${row.kind}`)}</Table.Td>
              <Table.Td>
                <span className={cells.when}>{bytes(row.bytes)}</span>
                {e.snapshot.total_bytes ? <Text size="xs" c="dimmed" children={t('event.of_host', { share: share(row.bytes / e.snapshot.total_bytes) })} /> : null}
              </Table.Td>
              <Table.Td className={cells.when}>{bytes(row.suspect ? row.growth_bytes : grown(row.curve))}</Table.Td>
              <Table.Td w={140}>
                {row.suspect ? (
                  <>
                    {share(row.share)}
                    <Progress value={100 * row.share} size="xs" color="red" aria-label={share(row.share)} />
                  </>
                ) : (
                  '–'
                )}
              </Table.Td>
              <Table.Td>{row.curve && <Trend values={row.curve.values} label={row.name.slice(0, 100)} />}</Table.Td>
            </Table.Tr>
          ))}
        </Carded>
      )}
      {e.snapshot.unexplained_bytes !== undefined && e.snapshot.unexplained_bytes > 0 && (
        <Text size="sm" c="dimmed">
          {t('event.unexplained', { growth: bytes(e.snapshot.unexplained_bytes) })}
        </Text>
      )}
    </Section>
  )
}

const key = (w: { kind: string; name: string; namespace?: string }) => `${w.kind}/${w.namespace ?? ''}/${w.name}`

// merge puts the suspects first, with the curve that was kept of them among the largest.
function merge(suspected: Schemas['Event']['suspects'], top: Schemas['TopWorkload'][]): Row[] {
  const curves = new Map(top.map((w) => [key(w), w.curve]))
  const suspects = suspected.map((s) => ({ ...s, curve: curves.get(key(s)), suspect: true }))
  const named = new Set(suspects.map(key))
  return [...suspects, ...top.filter((w) => !named.has(key(w))).map((w) => ({ ...w, suspect: false }))]
}
