import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowUp } from '@tabler/icons-react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { hold } from './held'
import classes from './Rows.module.css'

const height = 57 // px of a row; on a phone it is as high as what stands in it
const phone = '(max-width: 48em)'
const ahead = 20 // rows before the end where more are asked for

type Props<T> = {
  label: string
  items: T[]
  id: (item: T) => string
  scope: string // of what they are a list: another one is shown at once; empty while it is on its way
  dismissed?: ReadonlySet<string> // rows that the person made go
  more: (() => void) | undefined // asks for the rows that follow; absent where there are none, or they are on their way
  head: ReactNode // column headers, as children of a row
  columns: string // class that says how wide they are, on a phone also where
  row: (item: T) => ReactNode // cells
}

/** Rows is a table of any length: it draws what is in sight alone, asks for more when the end comes near, and keeps rows
 * where they are while somebody is at them. */
export function Rows<T>({ label, items, id, scope, dismissed, more, head, columns, row }: Props<T>) {
  const { t } = useTranslation()
  const [margin, setMargin] = useState(0)
  const list = useCallback((element: HTMLDivElement | null) => setMargin(element?.offsetTop ?? 0), [])
  const [pointed, setPointed] = useState(false)
  const [focused, setFocused] = useState(false)
  const scrolled = useScrolled(margin)
  const there = (pointed || focused || scrolled) && scope !== ''
  const [lying, setLying] = useState<{ scope: string; items: T[] }>()
  if (there && lying?.scope !== scope) setLying({ scope, items })
  if (!there && lying) setLying(undefined)
  const held = there && lying?.scope === scope ? lying.items : undefined
  const { shown, added, changed } = useMemo(() => hold(held, items, id, dismissed), [held, items, id, dismissed])

  const measured = useMediaQuery(phone, false, { getInitialValueInEffect: false })
  const virtual = useWindowVirtualizer({ count: shown.length, estimateSize: () => height, getItemKey: (i) => id(shown[i]!), overscan: 8, scrollMargin: margin })
  const drawn = virtual.getVirtualItems()
  const last = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= shown.length - ahead) more()
  }, [last, shown.length, more])
  return (
    <div className={classes.around}>
      <div className={classes.news} aria-live="polite">
        {changed && (
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={() => {
              setLying({ scope, items })
              if (scrolled) scrollTo({ top: 0 })
            }}
          >
            {added > 0 ? t('shell.list.added', { count: added }) : t('shell.list.changed')}
          </Button>
        )}
      </div>
      <div
        className={classes.table}
        role="table"
        aria-label={label}
        aria-rowcount={shown.length}
        onPointerOver={(e) => e.pointerType === 'mouse' && setPointed(true)} // it may come to be under a pointer that rests
        onPointerLeave={() => setPointed(false)}
        onFocus={() => setFocused(true)}
        onBlur={(e) => setFocused(e.currentTarget.contains(e.relatedTarget))}
      >
        <div className={`${classes.head} ${columns}`} role="row">
          {head}
        </div>
        <div ref={list} role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {drawn.map((item) => (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 1}
              data-index={item.index}
              ref={measured ? virtual.measureElement : undefined}
              className={`${classes.row} ${columns}`}
              style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${item.start - margin}px)` }}
            >
              {row(shown[item.index]!)}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

// useScrolled tells whether the page is scrolled beyond a height.
function useScrolled(beyond: number): boolean {
  const [scrolled, setScrolled] = useState(false)
  useEffect(() => {
    const look = () => setScrolled(window.scrollY > beyond)
    look()
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [beyond])
  return scrolled
}

/** RowsWaiting stands where rows will be. */
export function RowsWaiting() {
  return (
    <div className={classes.table} aria-busy>
      <div className={classes.head} />
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className={classes.row}>
          <Skeleton height={18} />
        </div>
      ))}
    </div>
  )
}
