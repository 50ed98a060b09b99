import { IconClockPlay, IconHandClick, IconHistoryToggle } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import cells from '@/components/Cells.module.css'
import { RowLink } from '@/components/RowLink'
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

const Sign = ({ icon: Icon, text }: { icon: typeof IconHandClick; text: string }) => (
  <span role="img" aria-label={text} data-hint={text} tabIndex={0} className={cells.sign}>
    <Icon size={14} />
  </span>
)

/** RunRow is a run in the list: of what, how it ended, how long it took, what it found. */
export const RunRow = memo(function RunRow({ run }: { run: Schemas['Run'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <>
      <div role="cell" className={classes.inspection}>
        <div className={cells.beside}>
          <RowLink to={`/runs/${run.id}`}>
            <bdi>{run.inspection}</bdi>
          </RowLink>
          {run.trigger_id && (
            <RowLink to={`/triggers/${run.trigger_id}`} className={cells.sign} name={t('runs.of_trigger')}>
              <IconClockPlay size={14} />
            </RowLink>
          )}
          {run.manual && <Sign icon={IconHandClick} text={t('runs.manual', { name: run.manual })} />}
          {run.made_up && <Sign icon={IconHistoryToggle} text={t('runs.made_up')} />}
        </div>
        {run.error && (
          <div className={`${cells.line} ${cells.small} ${cells.dimmed}`} data-hint={run.error.slice(0, 500)}>
            {run.error}
          </div>
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
          {run[name]}
        </div>
      ))}
      <div role="cell" className={classes.events}>
        {t('runs.opened_recovered', { opened: run.opened_events, recovered: run.recovered_events })}
      </div>
    </>
  )
})
