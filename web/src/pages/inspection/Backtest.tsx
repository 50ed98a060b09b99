import { Button, Group, Progress, Stack, Table, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { backtest, type BacktestLine, type InspectionInput } from '@/api/inspections'
import { Failure } from '@/components/Failure'
import { LevelBadge } from '@/components/LevelBadge'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { absolute, duration } from '@/lib/format'

type State = { progress?: BacktestLine['progress']; outcome?: BacktestLine['outcome']; error?: unknown; going: boolean }

/** Backtest shows which events the inspection in the form would have raised in the past. */
export function Backtest({ input }: { input: () => InspectionInput }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [state, setState] = useState<State>({ going: false })
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  async function start() {
    const control = new AbortController()
    abort.current = control
    setState({ going: true })
    try {
      await backtest(
        input(),
        (line) => setState((s) => ({ ...s, ...(line.progress && { progress: line.progress }), ...(line.outcome && { outcome: line.outcome }), ...(line.problem && { error: new Error(line.problem) }) })),
        control.signal,
      )
    } catch (error) {
      if (!control.signal.aborted) setState((s) => ({ ...s, error }))
    } finally {
      setState((s) => ({ ...s, going: false }))
    }
  }

  const { progress, outcome, error, going } = state
  return (
    <Section
      title={t('inspection.backtest')}
      aside={
        going ? (
          <Button size="xs" variant="default" onClick={() => abort.current?.abort()}>
            {t('inspection.stop')}
          </Button>
        ) : (
          <Button size="xs" variant="light" leftSection={<IconHistory size={14} />} onClick={() => void start()}>
            {t('inspection.backtest')}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {t('inspection.backtest_text')}
      </Text>
      {going && (
        <Stack gap={4} aria-live="polite">
          <Progress value={progress && progress.total > 0 ? (100 * progress.done) / progress.total : 0} animated aria-label={t('inspection.backtest')} />
          {progress && <Text size="sm">{t('inspection.backtest_progress', { runs: progress.done, total: progress.total })}</Text>}
        </Stack>
      )}
      {error !== undefined && <Failure error={error} />}
      {outcome && (
        <Stack gap="xs">
          <Text size="sm">
            {t('inspection.backtest_done', { events: outcome.events.length, hosts: outcome.hosts, runs: outcome.runs, from: absolute(new Date(outcome.from), language) })}
          </Text>
          {outcome.events.length > 0 && (
            <Table.ScrollContainer minWidth={480} mah={400}>
              <Table aria-label={t('inspection.backtest')}>
                <Table.Tbody>
                  {outcome.events.map((e) => (
                    <Table.Tr key={e.id}>
                      <Table.Td>
                        <LevelBadge level={e.level} size="xs" />
                      </Table.Td>
                      <Table.Td>
                        <bdi>{e.title.slice(0, 300)}</bdi>
                      </Table.Td>
                      <Table.Td>{absolute(new Date(e.opened_at), language)}</Table.Td>
                      <Table.Td>
                        <Group gap={4}>{duration(e.duration_seconds, language)}</Group>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Stack>
      )}
    </Section>
  )
}
