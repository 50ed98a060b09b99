import { useEffect, useState } from 'react'
import { Problem } from '@/api/client'
import { readScript, useSaveScript, type Script, type Versioned } from '@/api/scripts'
import { session } from '@/api/session'
import { begin, forget, keep, kept } from './kept'

/**
 * useDraft is a draft that is being written. What is typed stands in the browser until it is saved;
 * where somebody else saved meanwhile, theirs is the other draft until the person decided.
 */
export function useDraft(opened: Versioned<Script>) {
  const [workspace] = useState(() => session.get().workspace ?? '')
  const id = opened.data.id
  const [start] = useState(() => begin({ draft: opened.data.draft, version: opened.version }, kept(localStorage, workspace, id)))
  const [text, setText] = useState(start.text)
  const [saved, setSaved] = useState<Versioned<Script>>(opened)
  const [base, setBase] = useState(start.version) // what the text was typed on
  const [restored, setRestored] = useState(start.restored)
  const [theirs, setTheirs] = useState<Versioned<Script> | undefined>(start.conflict ? opened : undefined)
  const write = useSaveScript(id)
  const dirty = text !== saved.data.draft

  useEffect(() => {
    if (dirty) keep(localStorage, workspace, id, { version: base, text, at: new Date().toISOString() })
    else forget(localStorage, workspace, id)
  }, [workspace, id, base, text, dirty])

  // The text is what the server has now.
  function settle(now: Versioned<Script>, draft = now.data.draft) {
    setSaved(now)
    setBase(now.version)
    setTheirs(undefined)
    setRestored(undefined)
    if (draft !== text) setText(draft)
  }

  // onto writes a text; what was typed while the answer was on its way stays. seen is the draft that the person knows of.
  async function onto(version: string, title: string, draft: string, seen: string): Promise<Versioned<Script> | undefined> {
    try {
      const now = await write.mutateAsync({ version, body: { title, draft } })
      setSaved(now)
      setBase(now.version)
      setTheirs(undefined)
      setRestored(undefined)
      return now
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) return undefined
      const now = await readScript(id)
      if (now.data.draft === seen) return onto(now.version, title === saved.data.title ? now.data.title : title, draft, seen) // another field was changed
      setTheirs(now)
      return undefined
    }
  }

  return {
    text,
    setText,
    saved: saved.data,
    version: saved.version,
    dirty,
    restored,
    theirs,
    saving: write.isPending,
    error: write.error instanceof Problem && write.error.status === 412 ? null : write.error,
    /** save gives what was saved; undefined where it was not. */
    save: async () => (theirs ? undefined : onto(base, saved.data.title, text, saved.data.draft)),
    /** resolve saves a text onto the other draft. */
    resolve: async (merged: string) => {
      setText(merged)
      return theirs && onto(theirs.version, theirs.data.title, merged, theirs.data.draft)
    },
    /** retitle changes the title alone. */
    retitle: async (title: string) => {
      const now = await onto(saved.version, title, saved.data.draft, saved.data.draft)
      return now !== undefined
    },
    /** took is told of a version that others did not change since. */
    took: (now: Versioned<Script>) => {
      setSaved(now)
      setBase(now.version)
    },
    /** take puts what the server has in place of the text. */
    take: (now: Versioned<Script>) => settle(now),
    discard: () => settle(saved),
    /** look asks for what others saved. */
    look: async () => setTheirs(await readScript(id)),
  }
}
