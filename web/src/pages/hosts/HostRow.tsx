import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import cells from '@/components/Cells.module.css'
import { RowLink } from '@/components/RowLink'
import { StateBadge } from '@/components/StateBadge'
import { TimeLeft } from '@/components/TimeLeft'
import { Trend } from '@/components/Trend'
import { Waits } from '@/components/Waits'
import { When } from '@/components/When'
import { bytes, percent } from '@/lib/format'
import classes from './HostsPage.module.css'

const columns = ['host', 'state', 'memory', 'trend', 'verdict', 'left', 'collectors', 'seen'] as const

/** HostHead names the columns. */
export function HostHead() {
  const { t } = useTranslation()
  return columns.map((name) => (
    <div key={name} role="columnheader" className={classes[name]}>
      {t(`hosts.column.${name}`)}
    </div>
  ))
}

/** HostRow is a host in the list: how it is, how full, since when nothing came. */
export const HostRow = memo(function HostRow({ host }: { host: Schemas['Host'] }) {
  const { t } = useTranslation()
  return (
    <>
      <div role="cell" className={classes.host}>
        <RowLink to={`/hosts/${encodeURIComponent(host.name)}`}>
          <bdi>{host.name.slice(0, 300)}</bdi>
        </RowLink>
        {host.open_events > 0 && (
          <Anchor component={Link} to="/events" search={{ host: host.name } as never} size="xs">
            {t('hosts.open_events', { count: host.open_events })}
          </Anchor>
        )}
      </div>
      <div role="cell" className={classes.state}>
        <StateBadge state={host.state} />
      </div>
      <div role="cell" className={classes.memory}>
        {host.used_percent !== undefined && host.used_percent !== null && (
          <>
            <div className={cells.line}>
              {host.total_bytes ? t('hosts.of', { value: percent(host.used_percent), total: bytes(host.total_bytes) }) : percent(host.used_percent)}
            </div>
            <div className={cells.bar} data-high={host.used_percent > 90 || undefined} aria-hidden>
              <div style={{ width: `${Math.min(Math.max(host.used_percent, 0), 100)}%` }} />
            </div>
          </>
        )}
      </div>
      <div role="cell" className={classes.trend}>
        <Trend values={host.spark} label={t('hosts.column.trend')} />
      </div>
      <div role="cell" className={classes.verdict}>
        {host.verdict && t(`domain.cause.${host.verdict.cause}`)}
        <Waits verdict={host.verdict} />
      </div>
      <div role="cell" className={classes.left}>
        <TimeLeft at={host.verdict?.leak ? host.verdict.exhaustion : undefined} full={host.verdict?.leak && host.verdict.cause === 'exhausted'} />
      </div>
      <div role="cell" className={classes.collectors}>
        <div className={cells.line}>{host.collectors.join(', ')}</div>
        {host.missing > 0 && <div className={`${cells.line} ${cells.small} ${cells.dimmed}`}>{t('hosts.missing', { count: host.missing })}</div>}
      </div>
      <div role="cell" className={classes.seen}>
        <When at={host.last_seen_at} />
      </div>
    </>
  )
})
