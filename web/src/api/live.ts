// Live updates: the server says which resources changed, and the queries on them ask again. When
// the connection breaks it is made again, later and later, and everything on the page is asked anew.
import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { Schemas } from './client'
import { session } from './session'

export type Connection = 'connecting' | 'open' | 'lost'

let connection: Connection = 'connecting'
const listeners = new Set<() => void>()

function set(next: Connection) {
  if (next === connection) return
  connection = next
  listeners.forEach((tell) => tell())
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** useConnection tells whether the server answers. */
export const useConnection = () => useSyncExternalStore(subscribe, () => connection)

// What shows a kind of thing that changes, by the first word of the key of its query.
const shows: Record<Schemas['Change']['kind'], string[]> = {
  event: ['events', 'overview', 'incidents'],
  run: ['runs', 'triggers', 'inspections', 'overview'],
  inspection: ['inspections', 'overview'],
  hosts: ['hosts', 'health', 'overview'],
  scripts: ['scripts', 'variables', 'packages'],
  triggers: ['triggers'],
  settings: ['settings'],
  notices: ['notices', 'settings'],
  missed: ['events', 'runs', 'inspections', 'hosts', 'health', 'overview', 'settings', 'notices', 'scripts', 'variables', 'packages', 'triggers'], // the reader was too slow
}

/** askAnew asks for all that a page shows again; what is edited stays, so that it is not taken away from under whoever types. */
export const askAnew = (client: QueryClient) =>
  client.invalidateQueries({ predicate: ({ queryKey, state }) => state.data === undefined || !String(queryKey[0]).startsWith('edited') })

const first = 1_000 // ms
const most = 15_000

/** listen keeps a stream open for a workspace until the function that it answers is called. */
export function listen(client: QueryClient, workspace: string): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = first
  let ended = false

  function open() {
    source = new EventSource(`/api/v1/stream?workspace=${encodeURIComponent(workspace)}`)
    source.onopen = () => {
      if (connection === 'lost') void askAnew(client)
      wait = first
      set('open')
    }
    for (const [kind, resources] of Object.entries(shows)) {
      source.addEventListener(kind, () => {
        void client.invalidateQueries({ predicate: (query) => resources.includes(String(query.queryKey[0])) })
      })
    }
    source.onerror = () => {
      source?.close()
      if (ended) return
      set('lost')
      timer = setTimeout(() => void again(), wait)
      wait = Math.min(2 * wait, most)
    }
  }

  // A stream does not say why it failed: a session that ended looks like a server that is away.
  async function again() {
    const answer = await fetch('/api/v1/session').catch(() => undefined)
    if (ended) return
    if (answer?.status === 401) session.expired()
    open()
  }

  open()
  return () => {
    ended = true
    clearTimeout(timer)
    source?.close()
  }
}
