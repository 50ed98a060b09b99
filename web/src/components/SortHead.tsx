import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import classes from './Rows.module.css'

type Props = { name: string; className?: string; order: string; direction: 'ascending' | 'descending'; sorted: boolean; sort: (() => void) | undefined }

/** SortHead is the name of a column by which the list can be put in order, in the one direction that makes sense. */
export function SortHead({ name, className, order, direction, sorted, sort }: Props) {
  const Arrow = direction === 'ascending' ? IconArrowUp : IconArrowDown
  return (
    <div role="columnheader" className={className} aria-sort={sorted ? direction : 'none'}>
      <button type="button" className={classes.sort} data-sorted={sorted || undefined} data-hint={order} onClick={sort}>
        {name}
        <Arrow size={12} aria-hidden />
      </button>
    </div>
  )
}
