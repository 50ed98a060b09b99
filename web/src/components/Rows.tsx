import { Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import classes from './Rows.module.css'

const height = 57 // px of a row; on a phone it is as high as what stands in it
const phone = '(max-width: 48em)'
const ahead = 20 // rows before the end where more are asked for

type Props = {
  label: string
  count: number
  more: (() => void) | undefined // asks for the rows that follow; absent where there are none, or they are on their way
  head: ReactNode // column headers, as children of a row
  columns: string // class that says how wide they are, on a phone also where
  row: (i: number) => ReactNode // cells
}

/** Rows is a table of any length: it draws what is in sight alone, and asks for more when the end comes near. */
export function Rows({ label, count, more, head, columns, row }: Props) {
  const [margin, setMargin] = useState(0)
  const list = useCallback((element: HTMLDivElement | null) => setMargin(element?.offsetTop ?? 0), [])
  const measured = useMediaQuery(phone, false, { getInitialValueInEffect: false })
  const virtual = useWindowVirtualizer({ count, estimateSize: () => height, overscan: 8, scrollMargin: margin })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= count - ahead) more()
  }, [last, count, more])
  return (
    <div className={classes.table} role="table" aria-label={label} aria-rowcount={count}>
      <div className={`${classes.head} ${columns}`} role="row">
        {head}
      </div>
      <div ref={list} role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 1}
            data-index={item.index}
            ref={measured ? virtual.measureElement : undefined}
            className={`${classes.row} ${columns}`}
            style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${item.start - margin}px)` }}
          >
            {row(item.index)}
          </div>
        ))}
      </div>
    </div>
  )
}

/** RowsWaiting stands where rows will be. */
export function RowsWaiting() {
  return (
    <div className={classes.table} aria-busy>
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className={classes.row}>
          <Skeleton height={18} />
        </div>
      ))}
    </div>
  )
}
