// What is typed and not saved is kept in the browser, so that a reload, a crash or a server that is
// away takes none of it. Each script has one copy, with the version that it was typed on.

export type Kept = { version: string; text: string; at: string }

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const key = (workspace: string, script: string) => `memseep-draft ${workspace} ${script}`

/** keep holds what was typed on a version; a browser without room keeps nothing. */
export function keep(shelf: Shelf, workspace: string, script: string, kept: Kept): boolean {
  try {
    shelf.setItem(key(workspace, script), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export const forget = (shelf: Shelf, workspace: string, script: string) => shelf.removeItem(key(workspace, script))

/** kept is what was typed and not saved; undefined where nothing was, or it cannot be read. */
export function kept(shelf: Shelf, workspace: string, script: string): Kept | undefined {
  try {
    const value = JSON.parse(shelf.getItem(key(workspace, script)) ?? 'null') as Partial<Kept> | null
    if (typeof value?.text === 'string' && typeof value.version === 'string' && typeof value.at === 'string') return value as Kept
  } catch {
    // what cannot be read is as nothing
  }
  return undefined
}

export type Begin = { text: string; version: string; restored?: string; conflict: boolean }

/**
 * begin is what the editor opens with: what the server has, or what was typed and not saved on that
 * version. What was typed on an older version is a conflict: saving asks which of both is right.
 */
export function begin(server: { draft: string; version: string }, own: Kept | undefined): Begin {
  if (!own || own.text === server.draft) return { text: server.draft, version: server.version, conflict: false }
  return { text: own.text, version: own.version, restored: own.at, conflict: own.version !== server.version }
}
