import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useChange } from './change'
import { api, Problem, unwrap, versioned, type Schemas } from './client'
import { readLines } from './lines'

export type Script = Schemas['Script']
export type ScriptSummary = Schemas['ScriptSummary']
export type ScriptFunction = Schemas['ScriptFunction']
export type ScriptSet = Schemas['ScriptSet']
export type Variable = Schemas['Variable']
export type Versioned<T> = { data: T; version: string }

const path = (id: string) => ({ params: { path: { id } } })
const guarded = (id: string, version: string) => ({ params: { path: { id }, header: { 'If-Match': version } } })
const sets = ['scripts', 'sets']
const scripts = ['scripts', 'list']
const variables = ['variables']

/** useSets are all script sets. */
export const useSets = () =>
  useQuery({ queryKey: sets, queryFn: () => unwrap(api.GET('/api/v1/scripts/sets')) })

/** useScripts are the scripts of all sets. */
export const useScripts = () =>
  useQuery({ queryKey: scripts, queryFn: () => unwrap(api.GET('/api/v1/scripts')) })

export const useAddSet = () => useChange((body: Schemas['ScriptSetInput']) => unwrap(api.POST('/api/v1/scripts/sets', { body })), sets)
export const useChangeSet = (id: string) => useChange((body: Schemas['ScriptSetChange']) => unwrap(api.PUT('/api/v1/scripts/sets/{id}', { ...path(id), body })), sets)
export const useDeleteSet = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/scripts/sets/{id}', path(id))), sets, scripts, variables)

/** readScript is a script with its draft, and the version that a change has to be made to. */
export const readScript = (id: string): Promise<Versioned<Script>> => versioned(api.GET('/api/v1/scripts/{id}', path(id)))

/** useScript is a script as it was when it was opened: what is typed is not taken away by what others do. */
export const useScript = (id: string) =>
  useQuery({ queryKey: ['edited script', id], staleTime: Infinity, gcTime: 0, queryFn: () => readScript(id) })

export const useAddScript = () => useChange((body: Schemas['ScriptInput']) => unwrap(api.POST('/api/v1/scripts', { body })), scripts)
export const useDeleteScript = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/scripts/{id}', path(id))), scripts)

type Change = { version: string; body: Schemas['ScriptChange'] }

/** useSaveScript writes draft and title onto the version that it was made of. */
export const useSaveScript = (id: string) => useChange(({ version, body }: Change) => versioned(api.PUT('/api/v1/scripts/{id}', { ...guarded(id, version), body })), scripts)

/** usePublish makes the saved draft what runs. */
export const usePublish = (id: string) =>
  useChange(({ version, note }: { version: string; note: string }) => versioned(api.POST('/api/v1/scripts/{id}/publish', { ...guarded(id, version), body: { note } })), scripts, ['scripts', 'versions', id])

/** useRevert makes the draft what a version was. */
export const useRevert = (id: string) =>
  useChange(({ version, number }: { version: string; number: number }) => versioned(api.POST('/api/v1/scripts/{id}/revert', { ...guarded(id, version), body: { number } })), scripts)

/** useVersions are what a script published, the newest first. */
export const useVersions = (id: string) =>
  useQuery({ queryKey: ['scripts', 'versions', id], queryFn: () => unwrap(api.GET('/api/v1/scripts/{id}/versions', path(id))) })

/** useVersion is one of them with its code; it never changes. */
export const useVersion = (id: string, number: number | undefined) =>
  useQuery({
    queryKey: ['script version', id, number],
    enabled: number !== undefined,
    staleTime: Infinity,
    queryFn: () => unwrap(api.GET('/api/v1/scripts/{id}/versions/{number}', { params: { path: { id, number: number! } } })),
  })

/** useCheck says whether code would be loaded, and what can be run of it. */
export const useCheck = (code: string, set: string, name: string, enabled: boolean) =>
  useQuery({
    enabled,
    queryKey: ['script check', set, name, code],
    gcTime: 0,
    staleTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => ({ code, ...(await unwrap(api.POST('/api/v1/scripts/check', { body: { code, set, name }, signal }))) }),
  })

/** useModules are the names that scripts are given. */
export const useModules = () => useQuery({ queryKey: ['script modules'], staleTime: Infinity, queryFn: () => unwrap(api.GET('/api/v1/scripts/modules')) })

export type RunLine = Schemas['ScriptLine']
export type RunResult = Schemas['ScriptResult']

/** runDraft runs a function of code that need not be saved, and tells each line as it comes. */
export async function runDraft(id: string, body: Schemas['RunScriptInputBody'], tell: (line: RunLine) => void, signal: AbortSignal): Promise<void> {
  const call = api.POST('/api/v1/scripts/{id}/run', { ...path(id), body, parseAs: 'stream', signal })
  const stream = (await unwrap(call as never)) as ReadableStream<Uint8Array> | undefined
  if (!stream) return
  await readLines(stream, tell).catch((cause: unknown) => {
    throw new Problem(0, cause instanceof Error ? cause.message : String(cause))
  })
}

/** useExport makes the file of some sets. */
export const useExport = () => useMutation({ mutationFn: (body: Schemas['ExportScriptsInputBody']) => unwrap(api.POST('/api/v1/scripts/export', { body })) })

/** useImport takes such a file, or only checks it. */
export function useImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ file, check }: { file: unknown; check: boolean }) => unwrap(api.POST('/api/v1/scripts/import', { params: { query: { check } }, body: file as never })),
    onSuccess: (_, { check }) => (check ? undefined : Promise.all([scripts, sets, variables, ['triggers']].map((queryKey) => client.invalidateQueries({ queryKey })))),
  })
}

/** useVariables are those of the workspace and of its sets. */
export const useVariables = () =>
  useQuery({ queryKey: variables, queryFn: () => unwrap(api.GET('/api/v1/variables')) })
export const useSaveVariable = (id?: string) =>
  useChange((body: Schemas['VariableInput']) => (id ? unwrap(api.PUT('/api/v1/variables/{id}', { ...path(id), body })) : unwrap(api.POST('/api/v1/variables', { body }))), variables)
export const useDeleteVariable = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/variables/{id}', path(id))), variables)
