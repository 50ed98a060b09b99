// What the list of events shows, as its address says it and as the API is asked for it.
import type { operations } from '@/api/schema'
import { list, oneOf, text, type Parameter, type State } from '@/lib/address'

// pairs are texts KEY:VALUE; what is none is left out, as other wrong parts of an address are.
const pairs = (): Parameter<string[]> => ({ fallback: [], read: (raw) => list().read(raw)?.filter(isPair) })

/** isPair tells whether a text is an attribute, KEY:VALUE. */
export const isPair = (text: string) => /^[^:]+:./s.test(text)

export const shape = {
  status: oneOf(['open', 'recovered', 'all'], 'open'),
  level: list(),
  kind: list(),
  host: text(),
  inspection: text(),
  culprit: text(),
  incident: text(),
  q: text(),
  is: pairs(),
  not: pairs(),
  from: text(), // RFC 3339
  to: text(),
  sort: oneOf(['opened', 'level', 'exhaustion'], 'opened'),
}

export type Filter = State<typeof shape>
export type Query = NonNullable<operations['list-events']['parameters']['query']>

const levels = ['critical', 'error', 'warning', 'info'] as const
const kinds = ['host', 'process', 'container', 'pod', 'kernel', 'check'] as const

const time = (raw: string) => (raw !== '' && !Number.isNaN(Date.parse(raw)) ? new Date(raw).toISOString() : undefined)

/** query is the filter as the API takes it. */
export function query(f: Filter): Query {
  const some = <T extends string>(known: readonly T[], wanted: string[]) => {
    const chosen = known.filter((k) => wanted.includes(k))
    return chosen.length > 0 ? chosen : undefined
  }
  return {
    status: f.status === 'all' ? undefined : f.status,
    level: some(levels, f.level),
    kind: some(kinds, f.kind),
    host: f.host || undefined,
    inspection_id: f.inspection || undefined,
    culprit: f.culprit || undefined,
    incident_id: f.incident || undefined,
    text: f.q || undefined,
    attribute: f.is.length > 0 ? f.is : undefined,
    not_attribute: f.not.length > 0 ? f.not : undefined,
    from: time(f.from),
    to: time(f.to),
    sort: f.sort,
  }
}

/** add keeps events that have the attribute; exclude those that have it not. */
export const add = (f: Filter, attribute: string): Partial<Filter> => ({
  is: [...new Set([...f.is, attribute])],
  not: f.not.filter((a) => a !== attribute),
})

export const exclude = (f: Filter, attribute: string): Partial<Filter> => ({
  not: [...new Set([...f.not, attribute])],
  is: f.is.filter((a) => a !== attribute),
})
