import { ActionIcon, Anchor, Badge, Checkbox, Group, Menu, Stack, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconDots, IconFilter, IconFilterX, IconStack2, IconVolumeOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { LevelBadge } from '@/components/LevelBadge'
import { ObjectName } from '@/components/ObjectName'
import { TimeLeft } from '@/components/TimeLeft'
import { Trend } from '@/components/Trend'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { duration, share } from '@/lib/format'
import { growth } from '@/lib/growth'
import { add, exclude, type Filter } from './filter'
import classes from './EventsPage.module.css'

type Props = {
  event: Schemas['EventSummary']
  filter: Filter
  change: (part: Partial<Filter>) => void
  selected: boolean
  select?: (on: boolean) => void // absent where the person may not recover
}

/** EventRow is an event in the list: how urgent, what, who, how fast, how long left, since when. */
export function EventRow({ event: e, filter, change, selected, select }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <>
      <div role="cell" className={classes.check}>
        {select && e.status === 'open' && (
          <Checkbox size="xs" checked={selected} onChange={(c) => select(c.currentTarget.checked)} aria-label={t('events.select', { title: e.title.slice(0, 100) })} />
        )}
      </div>
      <div role="cell" className={classes.level}>
        {e.status === 'open' ? <LevelBadge level={e.level} /> : <Badge variant="light" color="gray" tt="none" leftSection={<IconCheck size={10} />} children={t('domain.status.recovered')} />}
      </div>
      <Stack gap={0} role="cell" className={classes.event}>
        <Anchor component={Link} to={`/events/${e.id}`} fw={500} c="inherit" className={classes.title}>
          <bdi>{e.title.slice(0, 500)}</bdi>
        </Anchor>
        <Group gap={6} wrap="nowrap" c="dimmed" fz="xs" style={{ overflow: 'hidden' }}>
          <ObjectName object={e.object} />
          {e.cause && (
            <Text span inherit style={{ whiteSpace: 'nowrap' }}>
              {t(`domain.cause.${e.cause as 'steady'}`)}
            </Text>
          )}
          <Signs event={e} />
        </Group>
      </Stack>
      <div role="cell" className={classes.culprit}>
        {e.culprit ? (
          <>
            <ObjectName object={{ ...e.culprit, host: e.object.host }} withHost={false} />
            <Text span fz="xs" c="dimmed">
              {share(e.culprit.share)}
            </Text>
          </>
        ) : (
          <Text span c="dimmed" children="–" />
        )}
      </div>
      <div role="cell" className={classes.trend}>
        {e.trend && <Trend values={e.trend} label={t('events.column.trend')} />}
      </div>
      <div role="cell" className={classes.growth}>
        {growth(e.slope_per_hour, e.unit)}
      </div>
      <div role="cell" className={classes.left}>
        {e.status === 'open' && e.object.kind === 'check' ? '–' : e.status === 'open' ? <TimeLeft at={e.exhaustion} full={e.cause === 'exhausted'} /> : <When at={e.recovered_at} />}
      </div>
      <div role="cell" className={classes.opened}>
        <When at={e.opened_at} />
        <Text fz="xs" c="dimmed">
          {duration(e.duration_seconds, language)}
        </Text>
      </div>
      <div role="cell" className={classes.actions}>
        <AttributeMenu attributes={e.attributes} filter={filter} change={change} />
      </div>
    </>
  )
}

function Signs({ event: e }: { event: Schemas['EventSummary'] }) {
  const { t } = useTranslation()
  return (
    <>
      {e.incident_id && (
        <Tooltip label={t('events.incident')}>
          <IconStack2 size={14} aria-label={t('events.incident')} />
        </Tooltip>
      )}
      {e.silenced && (
        <Tooltip label={t('events.silenced')}>
          <IconVolumeOff size={14} aria-label={t('events.silenced')} />
        </Tooltip>
      )}
      {e.acknowledged_by && <Badge size="xs" variant="light" tt="none" children={t('events.acknowledged', { name: e.acknowledged_by })} />}
      {e.not_leak && <Badge size="xs" variant="light" color="gray" tt="none" children={t('events.not_leak')} />}
    </>
  )
}

function AttributeMenu({ attributes, filter, change }: { attributes: Record<string, string>; filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}:${value}`)
  if (pairs.length === 0) return null
  return (
    <Menu position="bottom-end" width={360}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('events.actions')}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {pairs.map((attribute) => (
          <div key={attribute}>
            <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => change(add(filter, attribute))}>
              {t('events.only', { attribute: attribute.slice(0, 100) })}
            </Menu.Item>
            <Menu.Item leftSection={<IconFilterX size={14} />} onClick={() => change(exclude(filter, attribute))}>
              {t('events.without', { attribute: attribute.slice(0, 100) })}
            </Menu.Item>
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
