import { useTranslation } from 'react-i18next'
import { absolute, duration } from '@/lib/format'
import classes from './Cells.module.css'
import { useLanguage } from './useLanguage'
import { useNow } from './useNow'

/** TimeLeft says how long it takes until the limit is reached; the time itself on hover, touch and focus. */
export function TimeLeft({ at, full = false }: { at: string | undefined; full?: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  if (full) return <span className={classes.full} children={t('events.full')} />
  if (!at) return <span className={classes.none} children="–" />
  const time = new Date(at)
  const left = (time.getTime() - now.getTime()) / 1000
  return (
    <time dateTime={at} tabIndex={0} className={left < 6 * 3600 ? `${classes.when} ${classes.soon}` : classes.when} data-hint={absolute(time, language)}>
      {left <= 0 ? t('events.full') : duration(left, language)}
    </time>
  )
}
