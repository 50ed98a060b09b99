import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, unwrap } from './client'
import type { operations } from './schema'

type RunQuery = NonNullable<operations['list-runs']['parameters']['query']>

const size = 50

/** useRuns are the runs, newest first, page by page. */
export const useRuns = (query: RunQuery) =>
  useInfiniteQuery({
    queryKey: ['runs', 'list', query],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/runs', { params: { query: { ...query, limit: size, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  })

const often = 1_000 // ms between looks at a run that goes on, besides the live updates

/** useRun is one run with its log; it is followed while it goes on. */
export const useRun = (id: string) =>
  useQuery({
    queryKey: ['runs', 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && !['pending', 'running'].includes(query.state.data.status) ? false : often),
  })

/** useMoreLog are the lines of a run's log after one, page by page; they are asked for by hand. */
export const useMoreLog = (id: string, after: number) =>
  useInfiniteQuery({
    queryKey: ['run log', id, after],
    enabled: false,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/runs/{id}/log', { params: { path: { id }, query: { after: pageParam } } })),
    initialPageParam: after,
    getNextPageParam: (page) => (page.items.length < logPage ? undefined : page.items.at(-1)?.seq),
  })

const logPage = 1000 // lines that one answer holds
