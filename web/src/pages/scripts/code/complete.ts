// What can be written next: the names of the modules that scripts are given, by what is imported.

/** Offered is a name of a module; of a name that needs no import the module is empty. */
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
  if (imported) return some(from, namesOf(imported[1]!, offered))
  const { modules: byName, names } = imports(script)
  const member = /([\p{L}_][\p{L}\p{N}_]*)\.$/u.exec(line.slice(0, from))
  if (member) return some(from, namesOf(byName.get(member[1]!) ?? (offered.some((o) => o.module === member[1] && predeclared.has(o.module)) ? member[1]! : ''), offered, true))
  if (from === line.length || line[from - 1] === '.') return undefined
  return some(from, [
    ...[...byName.keys()].map((label): Choice => ({ label, kind: 'module' })),
    ...[...names].map(([label, { module, name }]) => choice(offered.find((o) => o.module === module && o.name === name) ?? { module, name: label }, label)),
    ...offered.filter((o) => o.module === '').map((o) => choice(o)),
    ...[...predeclared].filter((label) => offered.some((o) => o.module === label)).map((label): Choice => ({ label, kind: 'module' })),
  ])
}

const predeclared = new Set(['DFF']) // there without an import

const some = (from: number, choices: Choice[]): Completion | undefined => (choices.length > 0 ? { from, choices } : undefined)

const choice = (o: Offered, label = o.name): Choice => ({ label, kind: o.signature?.includes('(') ? 'function' : 'value', detail: o.signature, doc: o.doc })

const modules = (offered: Offered[]) => [...new Set(offered.map((o) => o.module))].filter(Boolean).map((label): Choice => ({ label, kind: 'module' }))

// A member of a member, DFF.CTX.get, has a name with a dot: what stands before it is a choice too.
function namesOf(module: string, offered: Offered[], members = false): Choice[] {
  if (module === '') return []
  return offered.filter((o) => o.module === module && (members || !o.name.includes('.'))).map((o) => choice(o))
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
