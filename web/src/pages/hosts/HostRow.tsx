import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import cells from '@/components/Cells.module.css'
import { RowLink } from '@/components/RowLink'
import { SortHead } from '@/components/SortHead'
import { StateBadge } from '@/components/StateBadge'
import { TimeLeft } from '@/components/TimeLeft'
import { Trend } from '@/components/Trend'
import { Waits } from '@/components/Waits'
import { When } from '@/components/When'
import { bytes, percent } from '@/lib/format'
import type { Filter } from './filter'
import classes from './HostsPage.module.css'

const columns = ['host', 'state', 'memory', 'trend', 'verdict', 'left', 'collectors', 'seen'] as const

// The orders of the list, by the column that they go by.
const orders = { host: ['name', 'ascending'], state: ['level', 'descending'], memory: ['value', 'descending'], left: ['exhaustion', 'ascending'], seen: ['seen', 'ascending'] } as const

/** HostHead names the columns. */
export function HostHead({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  return columns.map((name) => {
    const text = t(`hosts.column.${name}`)
    if (!(name in orders))
      return (
        <div key={name} role="columnheader" className={classes[name]}>
          {text}
        </div>
      )
    const [sort, direction] = orders[name as keyof typeof orders]
    return <SortHead key={name} name={text} className={classes[name]} order={t(`hosts.sort.${sort}`)} direction={direction} sorted={filter.sort === sort} sort={() => change({ sort })} />
  })
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
        {host.open_events === 0 && <Waits verdict={host.verdict} />}
      </div>
      <div role="cell" className={classes.left}>
        {host.verdict?.leak && <span className={cells.label}>{t('hosts.column.left')}</span>} <TimeLeft of={host.verdict?.leak ? host.verdict : undefined} />
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
