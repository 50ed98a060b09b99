import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, unwrap } from './client'
import type { operations } from './schema'

export type HostQuery = NonNullable<operations['list-hosts']['parameters']['query']>
type CurveRange = NonNullable<operations['host-series']['parameters']['query']>

const size = 100

/** useHosts is the list of hosts, page by page. */
export const useHosts = (query: HostQuery) =>
  useInfiniteQuery({
    queryKey: ['hosts', 'list', query],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/hosts', { params: { query: { ...query, limit: size, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  })

/** useHostCounts counts the hosts in each state. */
export const useHostCounts = () => useQuery({ queryKey: ['hosts', 'counts'], queryFn: () => unwrap(api.GET('/api/v1/hosts/counts')) })

const path = (host: string) => ({ path: { host } })

/** useHost is one host as the last run saw it. */
export const useHost = (host: string) =>
  useQuery({ queryKey: ['hosts', 'one', host], queryFn: () => unwrap(api.GET('/api/v1/hosts/{host}', { params: path(host) })) })

/** useHostCurves is the memory of a host over a time, with its events. */
export const useHostCurves = (host: string, query: CurveRange) =>
  useQuery({
    queryKey: ['hosts', 'curves', host, query],
    queryFn: () => unwrap(api.GET('/api/v1/hosts/{host}/series', { params: { ...path(host), query } })),
    placeholderData: keepPreviousData,
  })

/** useHostWorkloads are the workloads of a host, the largest first, each with its verdict. */
export const useHostWorkloads = (host: string) =>
  useQuery({ queryKey: ['hosts', 'workloads', host], queryFn: () => unwrap(api.GET('/api/v1/hosts/{host}/workloads', { params: path(host) })) })

/** useHostHealth is what arrives of a host, and what is missing. */
export const useHostHealth = (host: string) =>
  useQuery({ queryKey: ['hosts', 'health', host], queryFn: () => unwrap(api.GET('/api/v1/hosts/{host}/health', { params: path(host) })) })
