import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query'
import { useChange } from './change'
import { api, unwrap, versioned, type Schemas } from './client'
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

/** Edited is a record that is being changed, and the version that the change has to be made to. */
export type Edited<T> = { data: T; version: string }

// What is read to be changed: apart from the lists, so that live updates do not take away what is typed.
const useEditedOne = <T>(resource: string[], id: string | undefined, read: (id: string) => Promise<Edited<T>>) =>
  useQuery({ queryKey: ['edited', ...resource, id], enabled: id !== undefined, staleTime: Infinity, gcTime: 0, queryFn: () => read(id!) })

/** usePolicy is a policy to be changed. */
export const usePolicy = (id: string | undefined) => useEditedOne(policies, id, (one) => versioned(api.GET('/api/v1/policies/{id}', path(one))))

/** useTarget is a target to be changed. */
export const useTarget = (id: string | undefined) => useEditedOne(targets, id, (one) => versioned(api.GET('/api/v1/targets/{id}', path(one))))

/** useSilence is a silence to be changed. */
export const useSilence = (id: string | undefined) => useEditedOne(silences, id, (one) => versioned(api.GET('/api/v1/silences/{id}', path(one))))

type Known = { id: string; version: string } // of a record that is changed
const change = ({ id, version }: Known) => ({ params: { path: { id }, header: { 'If-Match': version } } })

export const useSavePolicy = (known?: Known) =>
  useChange((body: Schemas['PolicyInput']) => (known ? unwrap(api.PUT('/api/v1/policies/{id}', { ...change(known), body })) : unwrap(api.POST('/api/v1/policies', { body }))), policies)
export const useDefaultPolicy = () => useChange((id: string) => unwrap(api.POST('/api/v1/policies/{id}/default', path(id))), policies)
export const useDeletePolicy = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/policies/{id}', path(id))), policies)

export const useSaveTarget = (known?: Known) =>
  useChange((body: Schemas['TargetInput']) => (known ? unwrap(api.PUT('/api/v1/targets/{id}', { ...change(known), body })) : unwrap(api.POST('/api/v1/targets', { body }))), targets)
export const useTryTarget = () => useChange((body: Schemas['TryTargetInputBody']) => unwrap(api.POST('/api/v1/targets/test', { body })))
export const useDeleteTarget = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/targets/{id}', path(id))), targets, policies)
export const useSwitchTarget = () =>
  useChange(
    ({ id, on }: { id: string; on: boolean }) => (on ? unwrap(api.POST('/api/v1/targets/{id}/enable', path(id))) : unwrap(api.POST('/api/v1/targets/{id}/disable', path(id)))),
    targets,
  )

export const useSaveSilence = (known?: Known) =>
  useChange((body: Schemas['SilenceInput']) => (known ? unwrap(api.PUT('/api/v1/silences/{id}', { ...change(known), body })) : unwrap(api.POST('/api/v1/silences', { body }))), silences)
export const useEndSilence = () => useChange((id: string) => unwrap(api.POST('/api/v1/silences/{id}/end', path(id))), silences)
export const useDeleteSilence = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/silences/{id}', path(id))), silences)
