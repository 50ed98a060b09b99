import { useInfiniteQuery, useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query'
import type { operations } from './schema'
import { api, unwrap } from './client'

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

/** useRecover recovers events by hand. */
export function useRecover() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { ids: string[]; note?: string }) => unwrap(api.POST('/api/v1/events/recover', { body })),
    onSettled: () => client.invalidateQueries({ queryKey: ['events'] }),
  })
}
