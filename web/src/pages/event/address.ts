// What an event's page shows besides the event, as its address says it.
import { oneOf, whole } from '@/lib/address'

export const spans = ['opening', 'window', 'day', 'week'] as const
export const withins = [1, 6, 24, 168, 720] as const // hours

/** curveShape is the time that the curve shows; none chosen by default: what grows for days is seen in a week. */
export const curveShape = { span: oneOf(['', ...spans], '') }

/** relatedShape is what related events have in common, none chosen by default, and how near in time they are. */
export const relatedShape = { by: oneOf(['', 'host', 'culprit', 'inspection', 'owner', 'incident', 'time'], ''), within: whole(168, 1, 8760) }
