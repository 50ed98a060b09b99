import { useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query'
import { api, unwrap, versioned, type Schemas } from './client'
import { readLines } from './lines'

export type InspectionInput = Schemas['InspectionInput']

/** useInspections are all inspections with their last run. */
export const useInspections = (enabled = true) => useQuery({ queryKey: ['inspections', 'list'], enabled, queryFn: () => unwrap(api.GET('/api/v1/inspections')) })

/** useInspection is one inspection, and the version that a change has to be made to. */
export const useInspection = (id: string | undefined) =>
  useQuery({
    queryKey: ['edited inspection', id], // apart from the list: live updates must not take away what is typed
    enabled: id !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => versioned(api.GET('/api/v1/inspections/{id}', { params: { path: { id: id! } } })),
  })

/** useMatching counts the hosts that a list chooses. */
export const useMatching = (hosts: string, source_id: string) =>
  useQuery({
    queryKey: ['hosts', 'matching', source_id, hosts],
    queryFn: () => unwrap(api.POST('/api/v1/inspections/matching-hosts', { body: { hosts, source_id } })),
    placeholderData: keepPreviousData,
    retry: false,
  })

/** useSources are the addresses that inspections may read from. */
export const useSources = () => useQuery({ queryKey: ['settings', 'sources'], queryFn: () => unwrap(api.GET('/api/v1/sources')) })

/** useSaveInspection adds an inspection, or changes the version of it that was loaded. */
export function useSaveInspection(id: string | undefined, version: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InspectionInput) =>
      id === undefined
        ? unwrap(api.POST('/api/v1/inspections', { body }))
        : unwrap(api.PUT('/api/v1/inspections/{id}', { params: { path: { id }, header: { 'If-Match': version } }, body })),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['inspections'] }), client.invalidateQueries({ queryKey: ['edited inspection', id] })]),
  })
}

export type Command = 'enable' | 'disable' | 'duplicate' | 'run' | 'delete'

/** useCommand does to an inspection what its list offers. */
export function useCommand() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, command }: { id: string; command: Command }): Promise<{ id?: string }> => {
      const params = { path: { id } }
      switch (command) {
        case 'enable':
          return unwrap(api.POST('/api/v1/inspections/{id}/enable', { params }))
        case 'disable':
          return unwrap(api.POST('/api/v1/inspections/{id}/disable', { params }))
        case 'duplicate':
          return unwrap(api.POST('/api/v1/inspections/{id}/duplicate', { params }))
        case 'run':
          return unwrap(api.POST('/api/v1/inspections/{id}/run', { params }))
        case 'delete':
          await unwrap(api.DELETE('/api/v1/inspections/{id}', { params }))
          return {}
      }
    },
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['inspections'] }), client.invalidateQueries({ queryKey: ['runs'] })]),
  })
}

/** useDryRun tries an inspection that is not saved. */
export const useDryRun = () =>
  useMutation({ mutationFn: (inspection: InspectionInput) => unwrap(api.POST('/api/v1/inspections/dry-run', { body: { inspection, limit: 200 } })) })

export type BacktestLine = Schemas['BacktestLine']

/** backtest asks which events an inspection would have raised, and tells each line of the answer as it comes. */
export async function backtest(inspection: InspectionInput, tell: (line: BacktestLine) => void, signal: AbortSignal): Promise<void> {
  const call = api.POST('/api/v1/inspections/backtest', { body: { inspection, every_seconds: 14_400 }, parseAs: 'stream', signal })
  const stream = (await unwrap(call as never)) as ReadableStream<Uint8Array> | undefined
  if (stream) await readLines(stream, tell)
}
