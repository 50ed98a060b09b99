import { Anchor, Group, Text, Tooltip } from '@mantine/core'
import { IconHandClick, IconHistoryToggle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { RunBadge } from '@/components/RunBadge'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { duration } from '@/lib/format'
import classes from './RunsPage.module.css'

const columns = ['inspection', 'status', 'due', 'wait', 'took', 'hosts', 'failed', 'no_data', 'leaks', 'events'] as const

/** RunHead names the columns. */
export function RunHead() {
  const { t } = useTranslation()
  return columns.map((name) => (
    <div key={name} role="columnheader" className={classes[name]}>
      {t(`runs.column.${name}`)}
    </div>
  ))
}

/** RunRow is a run in the list: of what, how it ended, how long it took, what it found. */
export const RunRow = memo(function RunRow({ run }: { run: Schemas['Run'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <>
      <div role="cell" className={classes.inspection}>
        <Group gap={6} wrap="nowrap">
          <Anchor component={Link} to={`/runs/${run.id}`} size="sm" truncate>
            <bdi>{run.inspection}</bdi>
          </Anchor>
          {run.manual && (
            <Tooltip label={t('runs.manual', { name: run.manual })}>
              <IconHandClick size={14} aria-label={t('runs.manual', { name: run.manual })} />
            </Tooltip>
          )}
          {run.made_up && (
            <Tooltip label={t('runs.made_up')}>
              <IconHistoryToggle size={14} aria-label={t('runs.made_up')} />
            </Tooltip>
          )}
        </Group>
        {run.error && (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {run.error}
          </Text>
        )}
      </div>
      <div role="cell" className={classes.status}>
        <RunBadge status={run.status} />
      </div>
      <div role="cell" className={classes.due}>
        <When at={run.scheduled_at} />
      </div>
      <div role="cell" className={classes.wait}>
        {duration(run.wait_seconds, language)}
      </div>
      <div role="cell" className={classes.took}>
        {run.started_at ? duration(run.run_seconds, language) : '–'}
      </div>
      {(['hosts', 'failed', 'no_data', 'leaks'] as const).map((name) => (
        <div key={name} role="cell" className={classes[name]} data-name={t(`runs.column.${name}`)}>
          {run[name].toLocaleString()}
        </div>
      ))}
      <div role="cell" className={classes.events}>
        {t('runs.opened_recovered', { opened: run.opened_events, recovered: run.recovered_events })}
      </div>
    </>
  )
})
