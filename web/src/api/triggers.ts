import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useChange } from './change'
import { api, unwrap, versioned, type Schemas } from './client'

export type Trigger = Schemas['Trigger']
export type TriggerInput = Schemas['TriggerInput']

const path = (id: string) => ({ params: { path: { id } } })

/** useTriggers are all triggers with their last run. */
export const useTriggers = () => useQuery({ queryKey: ['triggers', 'list'], queryFn: () => unwrap(api.GET('/api/v1/triggers')) })

/** useTrigger is one trigger, and the version that a change has to be made to. */
export const useTrigger = (id: string | undefined) =>
  useQuery({
    queryKey: ['edited trigger', id], // apart from the list: live updates must not take away what is typed
    enabled: id !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => versioned(api.GET('/api/v1/triggers/{id}', path(id!))),
  })

/** useSaveTrigger adds a trigger, or changes the version of it that was loaded. */
export const useSaveTrigger = (id: string | undefined, version: string) =>
  useChange(
    (body: TriggerInput) =>
      id === undefined
        ? unwrap(api.POST('/api/v1/triggers', { body }))
        : unwrap(api.PUT('/api/v1/triggers/{id}', { params: { path: { id }, header: { 'If-Match': version } }, body })),
    ['triggers'],
    ['edited trigger'],
  )

export const useRunTrigger = () => useChange((id: string) => unwrap(api.POST('/api/v1/triggers/{id}/run', path(id))), ['triggers'], ['runs'])

export const useSwitchTrigger = () =>
  useChange(
    ({ id, on }: { id: string; on: boolean }) => (on ? unwrap(api.POST('/api/v1/triggers/{id}/enable', path(id))) : unwrap(api.POST('/api/v1/triggers/{id}/disable', path(id)))),
    ['triggers'],
    ['edited trigger'],
  )

export const useDeleteTrigger = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/triggers/{id}', path(id))), ['triggers'])

/** useNextRuns are the next times that a schedule names, or what is wrong with it. */
export const useNextRuns = (schedule: string, time_zone: string) =>
  useQuery({
    queryKey: ['next runs', schedule, time_zone],
    queryFn: () => unwrap(api.GET('/api/v1/schedules/next', { params: { query: { schedule, time_zone: time_zone || undefined, count: 3 } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })

/** usePause is until when nothing runs by its schedule. */
export const usePause = () => useQuery({ queryKey: ['triggers', 'pause'], queryFn: () => unwrap(api.GET('/api/v1/pause')) })

const paused = [['triggers'], ['inspections'], ['overview']]

export const usePauseAll = () => useChange((seconds: number) => unwrap(api.PUT('/api/v1/pause', { body: { seconds } })), ...paused)
export const useResumeAll = () => useChange<void, unknown>(() => unwrap(api.DELETE('/api/v1/pause')), ...paused)
