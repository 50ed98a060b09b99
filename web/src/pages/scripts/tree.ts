// The sets with their scripts, as the list at the side has them.

type Set = { id: string; name: string; title?: string; package?: unknown }
type Script = { id: string; set_id: string; name: string; title?: string }

export type Branch<S, F> = { set: S; scripts: F[] }

/** branches are the sets with what matches in them: own sets before those of packages, by name. A set that matches has all its scripts. */
export function branches<S extends Set, F extends Script>(sets: S[], scripts: F[], find: string): Branch<S, F>[] {
  const wanted = find.trim().toLowerCase()
  const has = (...names: (string | undefined)[]) => names.some((name) => name?.toLowerCase().includes(wanted))
  return [...sets]
    .sort((a, b) => Number(Boolean(a.package)) - Number(Boolean(b.package)) || a.name.localeCompare(b.name))
    .map((set) => {
      const own = scripts.filter((s) => s.set_id === set.id).sort((a, b) => a.name.localeCompare(b.name))
      return { set, scripts: has(set.name, set.title) ? own : own.filter((s) => has(s.name, s.title, `${set.name}__${s.name}`)) }
    })
    .filter(({ set, scripts: found }) => wanted === '' || found.length > 0 || has(set.name, set.title))
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/

/** isScriptName tells whether a script may have a name. */
export const isScriptName = (name: string) => identifier.test(name)

/** isSetName tells whether a set may have a name: SET__SCRIPT is cut at the first double underscore. */
export const isSetName = (name: string) => identifier.test(name) && !name.includes('__') && !name.endsWith('_')
