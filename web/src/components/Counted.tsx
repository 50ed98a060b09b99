import { IconCheck } from '@tabler/icons-react'
import { whole } from '@/lib/format'
import classes from './Cells.module.css'

/** Counted is a choice of a filter with how many there are of it. */
export function Counted({ name, count, checked = false }: { name: string; count: number | undefined; checked?: boolean }) {
  return (
    <span className={classes.counted}>
      {checked && <IconCheck size={12} aria-hidden />}
      <span>{name}</span>
      {count !== undefined && <span className={`${classes.small} ${classes.dimmed}`}>{whole(count)}</span>}
    </span>
  )
}

/** counted draws the choices of a list with their counts. */
export const counted =
  (counts: Record<string, number> | undefined) =>
  ({ option, checked }: { option: { value: string; label: string }; checked?: boolean }) => <Counted name={option.label} count={counts && (counts[option.value] ?? 0)} checked={checked} />
