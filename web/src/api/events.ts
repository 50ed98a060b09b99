import { useInfiniteQuery, useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query'
import type { operations } from './schema'
import { api, unwrap, type Schemas } from './client'

export type EventQuery = NonNullable<operations['list-events']['parameters']['query']>

const size = 100

/** useEvents is the list of events, page by page. */
export const useEvents = (query: EventQuery) =>
  useInfiniteQuery({
    queryKey: ['events', 'list', query],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/events', { params: { query: { ...query, limit: size, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  })

/** useEventCounts counts the events that a filter chooses. */
export function useEventCounts(query: EventQuery) {
  const { limit, cursor, sort, trend, ...filter } = query
  return useQuery({
    queryKey: ['events', 'counts', filter],
    queryFn: () => unwrap(api.GET('/api/v1/events/counts', { params: { query: filter } })),
    placeholderData: keepPreviousData,
  })
}

/** useEvent is one event with all that was found. */
export const useEvent = (id: string) =>
  useQuery({ queryKey: ['events', 'one', id], queryFn: () => unwrap(api.GET('/api/v1/events/{id}', { params: { path: { id } } })) })

/** useRecover recovers events by hand; done is told also where the rows are gone from the page by then. */
export function useRecover(done: (answer: Schemas['Recovered']) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { ids: string[]; note?: string }) => unwrap(api.POST('/api/v1/events/recover', { body })),
    onSuccess: done,
    onSettled: () => client.invalidateQueries({ queryKey: ['events'] }),
  })
}

type CurveRange = NonNullable<operations['event-series']['parameters']['query']>

/** useEventCurves is the memory of an event's object over a time, with that of its workloads. */
export const useEventCurves = (id: string, range: CurveRange, enabled = true) =>
  useQuery({
    queryKey: ['events', 'curves', id, range],
    queryFn: () => unwrap(api.GET('/api/v1/events/{id}/series', { params: { path: { id }, query: range } })),
    placeholderData: keepPreviousData,
    enabled,
  })

export type Related = NonNullable<NonNullable<operations['related-events']['parameters']['query']>['by']>

/** useRelated are other events that have something in common with one, and were opened at most so many hours before or after. */
export const useRelated = (id: string, by: Related, hours: number) =>
  useQuery({
    queryKey: ['events', 'related', id, by, hours],
    queryFn: () => unwrap(api.GET('/api/v1/events/{id}/related', { params: { path: { id }, query: { by, hours, limit: 20 } } })),
  })

export type Decision =
  | { kind: 'recover' | 'acknowledge'; note: string }
  | { kind: 'not-a-leak'; reason: string }

/** useDecide changes one event by hand. */
export function useDecide(id: string) {
  const client = useQueryClient()
  const params = { path: { id } }
  return useMutation({
    mutationFn: (d: Decision) => {
      switch (d.kind) {
        case 'recover':
          return unwrap(api.POST('/api/v1/events/{id}/recover', { params, body: { note: d.note } }))
        case 'acknowledge':
          return unwrap(api.POST('/api/v1/events/{id}/acknowledge', { params, body: { note: d.note } }))
        case 'not-a-leak':
          return unwrap(api.POST('/api/v1/events/{id}/not-a-leak', { params, body: { reason: d.reason } }))
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['events'] }),
  })
}
