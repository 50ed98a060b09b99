import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import cells from './Cells.module.css'

/** Waits says that a leak opens no event yet, and why in a hint; nothing where it may. */
export function Waits({ verdict }: { verdict: Schemas['Verdict'] | undefined }) {
  const { t } = useTranslation()
  if (!verdict?.wait) return null
  return (
    <span className={`${cells.line} ${cells.small} ${cells.dimmed}`} tabIndex={0} data-hint={verdict.wait.text}>
      {t('hosts.waits')}
    </span>
  )
}
