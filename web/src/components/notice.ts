import type { TFunction } from 'i18next'
import type { Schemas } from '@/api/client'

type Notice = Pick<Schemas['Notice'], 'status' | 'error'>

/** stateOf is what became of a notice: one that was handed over and has a note all the same is sent, but nobody confirmed it. */
export const stateOf = (n: Notice) => (n.status === 'sent' && n.error ? 'unconfirmed' : n.status)

/** noteOf is what is said of it: of one that nobody confirmed in the words of the page, else in those of the server. */
export const noteOf = (n: Notice, t: TFunction) => (stateOf(n) === 'unconfirmed' ? t('alerts.notice.unconfirmed_text') : n.error)
