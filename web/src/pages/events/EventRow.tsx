import { Menu } from '@mantine/core'
import { IconDots, IconFilter, IconFilterX, IconStack2, IconVolumeOff } from '@tabler/icons-react'
import { Fragment, memo, useCallback, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Badged } from '@/components/Badged'
import cells from '@/components/Cells.module.css'
import { EventBadge } from '@/components/EventBadge'
import { ObjectName } from '@/components/ObjectName'
import { RowLink } from '@/components/RowLink'
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
  select?: (id: string, on: boolean) => void // absent where the person may not recover
}

/** EventRow is an event in the list: how urgent, what, who, how fast, how long left, since when. */
export const EventRow = memo(function EventRow({ event: e, filter, change, selected, select }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <>
      <div role="cell" className={classes.check}>
        {select && e.status === 'open' && (
          <input type="checkbox" className={cells.check} checked={selected} onChange={(c) => select(e.id, c.currentTarget.checked)} aria-label={t('events.select', { title: e.title.slice(0, 100) })} />
        )}
      </div>
      <div role="cell" className={classes.level}>
        <EventBadge event={e} />
      </div>
      <div role="cell" className={classes.event}>
        <RowLink to={`/events/${e.id}`} className={classes.title}>
          <bdi>{e.title.slice(0, 500)}</bdi>
        </RowLink>
        <div className={`${cells.beside} ${cells.small} ${cells.dimmed}`}>
          <ObjectName object={e.object} />
          {e.cause && (
            <span style={{ whiteSpace: 'nowrap' }}>{t(`domain.cause.${e.cause as 'steady'}`)}</span>
          )}
          <Signs event={e} />
        </div>
      </div>
      <div role="cell" className={classes.culprit}>
        {e.culprit ? (
          <>
            <ObjectName object={{ ...e.culprit, host: e.object.host }} withHost={false} />
            <span className={`${cells.small} ${cells.dimmed}`}>{share(e.culprit.share)}</span>
          </>
        ) : (
          <span className={cells.none} children="–" />
        )}
      </div>
      <div role="cell" className={classes.trend}>
        {e.trend && <Trend values={e.trend} label={t('events.column.trend')} />}
      </div>
      <div role="cell" className={classes.growth}>
        {e.unit === '' ? <span className={cells.none} children="–" /> : growth(e.slope_per_hour, e.unit)}
      </div>
      <div role="cell" className={classes.left}>
        {e.status === 'open' ? (
          <>
            <span className={cells.label}>{t('events.column.left')}</span> <TimeLeft of={e} />
          </>
        ) : (
          <>
            <When at={e.recovered_at} />
            <div className={`${cells.small} ${cells.dimmed}`}>{t('domain.status.recovered')}</div>
          </>
        )}
      </div>
      <div role="cell" className={classes.opened}>
        <When at={e.opened_at} />
        {e.status === 'recovered' && <div className={`${cells.small} ${cells.dimmed}`}>{t('event.lasted', { duration: duration(e.duration_seconds, language) })}</div>}
      </div>
      <div role="cell" className={classes.actions}>
        <AttributeMenu attributes={e.attributes} filter={filter} change={change} />
      </div>
    </>
  )
})

const grey = { ink: 'var(--mantine-color-text)', paper: 'var(--mantine-color-gray-light)' }

function Signs({ event: e }: { event: Schemas['EventSummary'] }) {
  const { t } = useTranslation()
  return (
    <>
      {e.incident_id && (
        <span role="img" aria-label={t('events.incident')} data-hint={t('events.incident')} tabIndex={0} className={cells.sign}>
          <IconStack2 size={14} />
        </span>
      )}
      {e.silenced && (
        <span role="img" aria-label={t('events.silenced')} data-hint={t('events.silenced')} tabIndex={0} className={cells.sign}>
          <IconVolumeOff size={14} />
        </span>
      )}
      {e.acknowledged_by && <Badged ink="var(--mantine-color-text)" paper="var(--mantine-primary-color-light)" size="xs" children={t('events.acknowledged', { name: e.acknowledged_by })} />}
      {e.not_leak && <Badged {...grey} size="xs" children={t('events.not_leak')} />}
    </>
  )
}

// A menu costs more than its row, and few are opened: until then a button stands for it. The focus is on the first of
// its items as soon as it is there, so that no key is lost.
function AttributeMenu({ attributes, filter, change }: { attributes: Record<string, string>; filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  const [used, setUsed] = useState(false)
  const [open, setOpen] = useState(false)
  const target = useRef<HTMLButtonElement>(null)
  const focusFirst = useCallback((dropdown: HTMLDivElement | null) => dropdown?.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true }), [])
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}:${value}`)
  if (pairs.length === 0) return null
  const begin = () => {
    setUsed(true)
    setOpen(true)
  }
  const back = () => target.current?.focus({ preventScroll: true })
  const leave = (e: KeyboardEvent) => {
    if (e.key !== 'Tab') return
    e.preventDefault()
    setOpen(false)
    back()
  }
  const button = (
    <button
      ref={target}
      type="button"
      className={cells.button}
      aria-haspopup="menu"
      aria-label={t('events.actions')}
      onClick={used ? undefined : begin}
      onKeyDown={(e) => {
        if (e.key !== 'ArrowDown' || open) return
        e.preventDefault()
        begin()
      }}
    >
      <IconDots size={16} />
    </button>
  )
  if (!used) return button
  return (
    <Menu
      position="bottom-end"
      width={360}
      opened={open}
      onChange={setOpen}
      onClose={back}
      trapFocus={false}
      returnFocus={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown ref={focusFirst} mah={360} style={{ overflowY: 'auto' }} onKeyDown={leave}>
        {pairs.map((attribute) => (
          <Fragment key={attribute}>
            <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => change(add(filter, attribute))}>
              {t('events.only', { attribute: attribute.slice(0, 100) })}
            </Menu.Item>
            <Menu.Item leftSection={<IconFilterX size={14} />} onClick={() => change(exclude(filter, attribute))}>
              {t('events.without', { attribute: attribute.slice(0, 100) })}
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
