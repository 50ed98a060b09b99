import { Anchor, Progress, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { StateBadge } from '@/components/StateBadge'
import { TimeLeft } from '@/components/TimeLeft'
import { Trend } from '@/components/Trend'
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
        <Anchor component={Link} to={`/hosts/${encodeURIComponent(host.name)}`} size="sm" fw={500} truncate display="block">
          <bdi>{host.name.slice(0, 300)}</bdi>
        </Anchor>
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
            <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
              {host.total_bytes ? t('hosts.of', { value: percent(host.used_percent), total: bytes(host.total_bytes) }) : percent(host.used_percent)}
            </Text>
            <Progress value={host.used_percent} size="xs" color={host.used_percent > 90 ? 'red' : undefined} aria-label={percent(host.used_percent)} />
          </>
        )}
      </div>
      <div role="cell" className={classes.trend}>
        <Trend values={host.spark} label={t('hosts.column.trend')} />
      </div>
      <div role="cell" className={classes.verdict}>
        {host.verdict && t(`domain.cause.${host.verdict.cause}`)}
      </div>
      <div role="cell" className={classes.left}>
        <TimeLeft at={host.verdict?.leak ? host.verdict.exhaustion : undefined} full={host.verdict?.leak && host.verdict.cause === 'exhausted'} />
      </div>
      <div role="cell" className={classes.collectors}>
        <Text size="sm" truncate>
          {host.collectors.join(', ')}
        </Text>
        {host.missing > 0 && (
          <Text size="xs" c="dimmed" truncate>
            {t('hosts.missing', { count: host.missing })}
          </Text>
        )}
      </div>
      <div role="cell" className={classes.seen}>
        <When at={host.last_seen_at} />
      </div>
    </>
  )
})
