import { useBlocker } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Leaving } from './Leaving'

/** useDiscard has a dialog ask before what was typed in it is lost: where it is closed, and where its page is left. */
export function useDiscard(typed: boolean, close: () => void) {
  const { t } = useTranslation()
  const [closing, setClosing] = useState(false)
  const sure = useRef(false) // that it may be lost: closing may change the address, which is not asked about again
  const there = () => typed && !sure.current
  const blocked = useBlocker({ shouldBlockFn: there, enableBeforeUnload: there, withResolver: true })
  const asking = closing || blocked.status === 'blocked'
  const discard = () => {
    sure.current = true
    if (blocked.status === 'blocked') blocked.proceed()
    else close()
  }
  const stay = () => {
    setClosing(false)
    blocked.reset?.()
  }
  return {
    asking,
    leave: () => (typed ? setClosing(true) : close()),
    question: <Leaving opened={asking} title={t('shell.discard.title')} go={t('shell.discard.go')} stay={t('shell.discard.stay')} onGo={discard} onStay={stay} />,
  }
}
