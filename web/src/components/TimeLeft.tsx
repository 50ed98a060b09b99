import { useTranslation } from 'react-i18next'
import { absolute, duration, until } from '@/lib/format'
import { nextKill, type Restarts } from '@/lib/restarts'
import classes from './Cells.module.css'
import { useLanguage } from './useLanguage'
import { useNow } from './useNow'

type Leak = { cause?: string; exhaustion?: string; restarts?: Restarts }

/** TimeLeft says how long it takes until a leak reaches its limit, or until it is killed again; the time itself on hover, touch and focus. */
export function TimeLeft({ of: leak }: { of: Leak | undefined }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  if (leak?.cause === 'exhausted') return <span className={classes.full} children={t('events.full')} />
  const killed = leak?.exhaustion ? undefined : nextKill(leak?.restarts, now)
  if (killed)
    return (
      <time dateTime={killed.toISOString()} tabIndex={0} className={classes.when} data-hint={t('events.killed_at', { at: absolute(killed, language) })}>
        {`↻ ${until(killed, now, language)}`}
      </time>
    )
  if (!leak?.exhaustion) return <span className={classes.none} children="–" />
  const time = new Date(leak.exhaustion)
  const left = (time.getTime() - now.getTime()) / 1000
  return (
    <time dateTime={leak.exhaustion} tabIndex={0} className={left < 6 * 3600 ? `${classes.when} ${classes.soon}` : classes.when} data-hint={absolute(time, language)}>
      {left <= 0 ? t('events.full') : duration(left, language)}
    </time>
  )
}
