// One client for the API, typed by its description (schema.d.ts is generated from openapi.json).
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema'
import { session } from './session'

export type Schemas = components['schemas']

/** Problem is an error that the API answered (RFC 9457), or that the network gave. */
export class Problem extends Error {
  readonly status: number // 0 where the server did not answer
  readonly retryAfter: number | undefined // seconds
  readonly errors: { location?: string; message?: string }[]

  constructor(status: number, message: string, errors: Problem['errors'] = [], retryAfter?: number) {
    super(message)
    this.name = 'Problem'
    this.status = status
    this.errors = errors
    this.retryAfter = retryAfter
  }
}

const credentials: Middleware = {
  onRequest({ request }) {
    const { csrf, workspace } = session.get()
    request.headers.set('Accept-Language', document.documentElement.lang)
    if (workspace) request.headers.set('X-Workspace', workspace)
    if (csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/api/v1/session') session.expired()
  },
}

export const api = createClient<paths>({ credentials: 'same-origin' })
api.use(credentials)

/** versioned gives the answer of a call, and the version that a change of it has to be made to. */
export async function versioned<T>(call: Promise<Answer<T>>): Promise<{ data: T; version: string }> {
  const data = await unwrap(call)
  return { data, version: (await call).response.headers.get('ETag') ?? '' }
}

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** unwrap gives the answer of a call, or throws a Problem that says what happened. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw new Problem(0, cause instanceof Error ? cause.message : String(cause))
  })
  if (error === undefined && response.ok) return data as T
  const body = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const retry = Number(response.headers.get('Retry-After'))
  throw new Problem(
    response.status,
    typeof body.detail === 'string' ? body.detail : typeof body.title === 'string' ? body.title : response.statusText,
    Array.isArray(body.errors) ? (body.errors as Problem['errors']) : [],
    Number.isFinite(retry) && retry > 0 ? retry : undefined,
  )
}
