import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query'
import { useChange } from './change'
import { api, unwrap, type Schemas } from './client'
import type { operations } from './schema'

type NoticeQuery = NonNullable<operations['list-notices']['parameters']['query']>

export const usePolicies = () => useQuery({ queryKey: ['settings', 'policies'], queryFn: () => unwrap(api.GET('/api/v1/policies')) })
export const useTargets = () => useQuery({ queryKey: ['settings', 'targets'], queryFn: () => unwrap(api.GET('/api/v1/targets')) })
export const useTargetKinds = () => useQuery({ queryKey: ['settings', 'target kinds'], queryFn: () => unwrap(api.GET('/api/v1/targets/kinds')), staleTime: Infinity })
export const useSilences = () => useQuery({ queryKey: ['settings', 'silences'], queryFn: () => unwrap(api.GET('/api/v1/silences')) })

/** useNotices are the notices, newest first, page by page. */
export const useNotices = (query: NoticeQuery) =>
  useInfiniteQuery({
    queryKey: ['notices', query],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/notices', { params: { query: { ...query, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })

/** useNotice is one notice with its content. */
export const useNotice = (id: string) =>
  useQuery({ queryKey: ['notices', 'one', id], queryFn: () => unwrap(api.GET('/api/v1/notices/{id}', { params: { path: { id } } })) })

/** usePreview is what a target's texts make of an event; nothing is sent. */
export const usePreview = (event_id: string | undefined, language: 'en' | 'zh', templates: Schemas['TargetTemplates']) =>
  useQuery({
    queryKey: ['preview', event_id, language, templates],
    queryFn: () => unwrap(api.POST('/api/v1/targets/preview', { body: { event_id: event_id!, language, templates } })),
    enabled: event_id !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })

const policies = ['settings', 'policies']
const targets = ['settings', 'targets']
const silences = ['settings', 'silences']
const path = (id: string) => ({ params: { path: { id } } })

export const useSavePolicy = (id?: string) =>
  useChange((body: Schemas['PolicyInput']) => (id ? unwrap(api.PUT('/api/v1/policies/{id}', { ...path(id), body })) : unwrap(api.POST('/api/v1/policies', { body }))), policies)
export const useDefaultPolicy = () => useChange((id: string) => unwrap(api.POST('/api/v1/policies/{id}/default', path(id))), policies)
export const useDeletePolicy = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/policies/{id}', path(id))), policies)

export const useSaveTarget = (id?: string) =>
  useChange((body: Schemas['TargetInput']) => (id ? unwrap(api.PUT('/api/v1/targets/{id}', { ...path(id), body })) : unwrap(api.POST('/api/v1/targets', { body }))), targets)
export const useTryTarget = () => useChange((body: Schemas['TryTargetInputBody']) => unwrap(api.POST('/api/v1/targets/test', { body })))
export const useDeleteTarget = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/targets/{id}', path(id))), targets, policies)
export const useSwitchTarget = () =>
  useChange(
    ({ id, on }: { id: string; on: boolean }) => (on ? unwrap(api.POST('/api/v1/targets/{id}/enable', path(id))) : unwrap(api.POST('/api/v1/targets/{id}/disable', path(id)))),
    targets,
  )

export const useSaveSilence = (id?: string) =>
  useChange((body: Schemas['SilenceInput']) => (id ? unwrap(api.PUT('/api/v1/silences/{id}', { ...path(id), body })) : unwrap(api.POST('/api/v1/silences', { body }))), silences)
export const useEndSilence = () => useChange((id: string) => unwrap(api.POST('/api/v1/silences/{id}/end', path(id))), silences)
export const useDeleteSilence = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/silences/{id}', path(id))), silences)
