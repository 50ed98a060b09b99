// Who is signed in, as the client needs it on each request. It is not kept in the browser: the
// cookie is, and /api/v1/session tells the rest.
import { useSyncExternalStore } from 'react'
import type { Schemas } from './client'

export type Session = Schemas['Session']

export type Access = {
  state: 'unknown' | 'in' | 'out' | 'expired'
  session?: Session
  csrf?: string
  workspace?: string
}

const chosen = 'memseep-workspace'
const hint = 'memseep-signed-in' // not who: only that it is worth asking

let access: Access = { state: localStorage.getItem(hint) ? 'unknown' : 'out' }
const listeners = new Set<() => void>()

function set(next: Access) {
  access = next
  listeners.forEach((tell) => tell())
}

export const session = {
  get: () => access,
  entered(s: Session) {
    localStorage.setItem(hint, 'yes')
    const wanted = localStorage.getItem(chosen)
    const workspace = s.workspaces.find((w) => w.id === wanted)?.id ?? s.workspace
    set({ state: 'in', session: s, csrf: s.csrf, workspace })
  },
  left() {
    localStorage.removeItem(hint)
    set({ state: 'out' })
  },
  // A page that is open keeps what was typed: signing in again happens above it.
  expired() {
    if (access.state === 'in') set({ ...access, state: 'expired' })
  },
  enter(workspace: string) {
    localStorage.setItem(chosen, workspace)
    set({ ...access, workspace })
  },
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

/** useAccess is who is signed in. */
export const useAccess = () => useSyncExternalStore(session.subscribe, session.get)

const ranks = ['viewer', 'editor', 'owner']

/** useMay tells whether the person may do what a role may. */
export function useMay(role: 'viewer' | 'editor' | 'owner' | 'administrator'): boolean {
  const { session: s, workspace } = useAccess()
  if (!s?.user) return false
  if (s.user.administrator) return true
  if (role === 'administrator') return false
  const own = s.workspaces.find((w) => w.id === workspace)?.role ?? 'viewer'
  return ranks.indexOf(own) >= ranks.indexOf(role)
}
