import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Leaving } from './Leaving'

/** Unsaved asks before a page is left on which something is not saved. */
export function Unsaved({ there }: { there: () => boolean }) {
  const { t } = useTranslation()
  const blocked = useBlocker({ shouldBlockFn: there, enableBeforeUnload: there, withResolver: true })
  return (
    <Leaving opened={blocked.status === 'blocked'} title={t('inspection.unsaved')} go={t('inspection.leave')} stay={t('inspection.stay')} onGo={() => blocked.proceed?.()} onStay={() => blocked.reset?.()} />
  )
}
