import type { TFunction } from 'i18next'
import type { Schemas } from '@/api/client'

type Notice = Pick<Schemas['Notice'], 'status' | 'error'>

/** stateOf is what became of a notice: one that was handed over and has a note all the same is sent, but nobody confirmed it. */
export const stateOf = (n: Notice) => (n.status === 'sent' && n.error ? 'unconfirmed' : n.status)

/** noteOf is what is said of it: of one that nobody confirmed in the words of the page, else in those of the server. */
export const noteOf = (n: Notice, t: TFunction) => (stateOf(n) === 'unconfirmed' ? t('alerts.notice.unconfirmed_text') : n.error)

/** asShown is a message's Markdown with each line by itself, as chats show it: Markdown would make one paragraph of them. */
export const asShown = (markdown: string) => markdown.replace(/([^\n])\n(?=[^\n\s#>|*-])/g, '$1  \n')

/** asSent is what went to one who takes a line alone; undefined where the whole message did. */
export const asSent = (n: Pick<Schemas['NoticeWithContent'], 'kind' | 'message'>) => (n.kind === 'sms' ? n.message.short : undefined)
