import { Navigate, useSearch } from '@tanstack/react-router'
import { read, text } from '@/lib/address'

const shape = { event: text() }

/** SilenceLink is where the link "Silence" of a message leads: to its event, ready to be silenced. */
export function SilenceLink() {
  const { event } = read(shape, useSearch({ strict: false }))
  return event === '' ? <Navigate to={'/alerts/silences' as never} search={{ edit: 'new' } as never} replace /> : <Navigate to={`/events/${event}` as never} search={{ silence: 'yes' } as never} replace />
}
