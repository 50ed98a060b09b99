// What can be written next: the names of the modules that scripts are given, by what is imported.

/** Offered is a name of a module, with dots where it is a member of another; of a name that needs no import the module is empty. */
export type Offered = { module: string; name: string; signature?: string; doc?: string }

export type Choice = { label: string; kind: 'module' | 'function' | 'value'; detail?: string; doc?: string }

/** Completion is what may stand in place of the text from a column on. */
export type Completion = { from: number; choices: Choice[] }

const word = /[\p{L}_][\p{L}\p{N}_]*$/u
const end = (line: string) => word.exec(line)?.[0].length ?? 0

/** complete offers what fits at the end of a line, given the whole script; undefined where nothing does. */
export function complete(line: string, script: string, offered: Offered[]): Completion | undefined {
  const from = line.length - end(line)
  if (/^\s*from\s+[\w.]*$/.test(line) || /^\s*import\s+(?:[\w\s.]+,\s*)*\w*$/.test(line)) return some(from, modules(offered))
  const imported = /^\s*from\s+(\w+)\s+import\s+\(?(?:[\w\s]+,\s*)*\w*$/.exec(line)
  if (imported) return some(from, below(imported[1]!, [], offered))
  const { modules: byName, names } = imports(script)
  const before = /((?:[\p{L}_][\p{L}\p{N}_]*\.)+)$/u.exec(line.slice(0, from))
  if (before) {
    const [head, ...path] = before[1]!.slice(0, -1).split('.') as [string, ...string[]]
    const module = byName.get(head)
    const name = names.get(head)
    if (module !== undefined) return some(from, below(module, path, offered))
    return some(from, name ? below(name.module, [name.name, ...path], offered) : below('', [head, ...path], offered))
  }
  if (from === line.length || line[from - 1] === '.') return undefined
  return some(from, [
    ...[...byName.keys()].map((label): Choice => ({ label, kind: 'module' })),
    ...[...names].flatMap(([label, { module, name }]) => {
      const found = below(module, [], offered).find((c) => c.label === name)
      return [{ kind: 'value' as const, ...found, label }]
    }),
    ...below('', [], offered),
  ])
}

const some = (from: number, choices: Choice[]): Completion | undefined => (choices.length > 0 ? { from, choices } : undefined)

const modules = (offered: Offered[]) => [...new Set(offered.map((o) => o.module))].filter(Boolean).map((label): Choice => ({ label, kind: 'module' }))

// below are the names of a module that follow a path: of DFF, LOG and STORE; of DFF and STORE, get and set.
function below(module: string, path: string[], offered: Offered[]): Choice[] {
  const prefix = path.map((part) => `${part}.`).join('')
  const found = new Map<string, Choice>()
  for (const o of offered) {
    if (o.module !== module || !o.name.startsWith(prefix)) continue
    const [label, ...more] = o.name.slice(prefix.length).split('.') as [string, ...string[]]
    const called = o.signature?.startsWith(`${o.name}(`)
    if (more.length > 0) found.set(label, found.get(label) ?? { label, kind: 'module' })
    else if (!found.has(label)) found.set(label, { label, kind: called ? 'function' : 'value', detail: called ? o.signature!.slice(prefix.length + label.length) : undefined, doc: o.doc })
  }
  return [...found.values()]
}

/** imports reads which names of a script are modules, and which are names of modules. */
export function imports(script: string): { modules: Map<string, string>; names: Map<string, { module: string; name: string }> } {
  const found = { modules: new Map<string, string>(), names: new Map<string, { module: string; name: string }>() }
  for (const [, list] of script.matchAll(/^\s*import\s+([\w\s.,]+?)\s*$/gm)) {
    for (const part of list!.split(',')) {
      const [, module, as] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? []
      if (module) found.modules.set(as ?? module, module)
    }
  }
  for (const [, module, list] of script.matchAll(/^\s*from\s+(\w+)\s+import\s+\(?([\w\s,]+)\)?/gm)) {
    for (const part of list!.split('\n', 1)[0]!.split(',')) {
      const [, name, as] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? []
      if (name) found.names.set(as ?? name, { module: module!, name })
    }
  }
  return found
}
