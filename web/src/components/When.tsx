import { absolute, ago } from '@/lib/format'
import classes from './Cells.module.css'
import { useLanguage } from './useLanguage'
import { useNow } from './useNow'

/** When says how long ago a time was, and the time itself on hover, touch and focus. */
export function When({ at }: { at: string | null | undefined }) {
  const language = useLanguage()
  const now = useNow()
  if (!at) return <span className={classes.dimmed} children="–" />
  const time = new Date(at)
  return (
    <time dateTime={at} tabIndex={0} className={classes.when} data-hint={absolute(time, language)}>
      {ago(time, now, language)}
    </time>
  )
}
