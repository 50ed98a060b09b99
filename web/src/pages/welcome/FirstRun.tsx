import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { useInspections, useSources } from '@/api/inspections'
import { useRun } from '@/api/runs'
import { Failure } from '@/components/Failure'
import { RunBadge } from '@/components/RunBadge'
import { share } from '@/lib/format'
import { fromInspection, toInput } from '@/pages/inspection/form'

/** FirstRun points the first inspection to the source that was connected, runs it and shows how it goes. */
export function FirstRun({ sourceID }: { sourceID: string }) {
  const { t } = useTranslation()
  const inspections = useInspections()
  const sources = useSources()
  const [runID, setRunID] = useState<string>()
  const first = inspections.data?.items[0]
  const source = sources.data?.items.find((s) => s.id === sourceID)
  const begin = useChange(
    async (i: Schemas['Inspection']) => {
      if (source && i.source_id !== source.id) {
        await unwrap(api.PUT('/api/v1/inspections/{id}', { params: { path: { id: i.id } }, body: toInput({ ...fromInspection(i), source_id: source.id, enabled: true }) }))
      }
      return unwrap(api.POST('/api/v1/inspections/{id}/run', { params: { path: { id: i.id } } }))
    },
    ['inspections'],
    ['runs'],
  )
  if (inspections.error && !inspections.data) return <Failure error={inspections.error} />
  return (
    <Stack py="md">
      <Text size="sm">{t('welcome.run_text')}</Text>
      {source && <Text size="sm">{t('welcome.uses', { name: source.name })}</Text>}
      {inspections.data && !first && (
        <Group>
          <Text size="sm">{t('welcome.no_inspection')}</Text>
          <Button component={Link} to="/inspections/new" variant="default" size="xs">
            {t('welcome.make_inspection')}
          </Button>
        </Group>
      )}
      {first && (
        <Group>
          <Button leftSection={<IconPlayerPlay size={16} />} loading={begin.isPending} onClick={() => begin.mutate(first, { onSuccess: (run) => setRunID(run.id) })}>
            {t('welcome.run')}
          </Button>
        </Group>
      )}
      {begin.error && <Failure error={begin.error} />}
      {runID && <Followed id={runID} />}
    </Stack>
  )
}

function Followed({ id }: { id: string }) {
  const { t } = useTranslation()
  const run = useRun(id)
  if (run.error && !run.data) return <Failure error={run.error} />
  if (!run.data) return null
  const r = run.data
  return (
    <Stack gap="xs" aria-live="polite">
      <Group gap="xs">
        <RunBadge status={r.status} />
        <Button component={Link} to={`/runs/${r.id}`} variant="subtle" size="compact-sm">
          {t('welcome.see_run')}
        </Button>
        {r.leaks > 0 && (
          <Button component={Link} to="/events" variant="subtle" size="compact-sm">
            {t('welcome.see_events')}
          </Button>
        )}
      </Group>
      {['pending', 'running'].includes(r.status) && <Progress value={100 * r.progress} animated aria-label={t('runs.progress', { percent: share(r.progress) })} />}
      {r.error && <Alert color="red">{r.error}</Alert>}
      {r.ended_at && (
        <>
          <Text size="sm">{t('welcome.result', { hosts: r.hosts, leaks: r.leaks, no_data: r.no_data, failed: r.failed })}</Text>
          {r.no_data > 0 && (
            <Text size="sm" c="dimmed">
              {t('welcome.little')}
            </Text>
          )}
        </>
      )}
    </Stack>
  )
}
