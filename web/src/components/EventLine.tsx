import { Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Schemas } from '@/api/client'
import { EventBadge } from './EventBadge'
import classes from './Cells.module.css'

/** EventLine is an event in one line: how urgent, its name, and what the place wants to add, if anything. */
export function EventLine({ event: e, children }: { event: Schemas['EventSummary']; children?: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <span className={classes.level}>
        <EventBadge event={e} />
      </span>
      <Anchor component={Link} to={`/events/${e.id}`} size="sm" flex={1} className={classes.short}>
        <bdi>{e.title.slice(0, 300)}</bdi>
      </Anchor>
      {children && (
        <Text size="sm" component="span" style={{ whiteSpace: 'nowrap' }}>
          {children}
        </Text>
      )}
    </Group>
  )
}
