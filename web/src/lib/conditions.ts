// Conditions on attributes as a person types them: KEY:VALUE, several values as KEY:A|B, and
// !KEY:VALUE for what must not be.
export type Condition = { key: string; values: string[]; not?: boolean }

/** parseCondition reads one; undefined where it is none. */
export function parseCondition(text: string): Condition | undefined {
  const not = text.startsWith('!')
  const rest = not ? text.slice(1) : text
  const at = rest.indexOf(':')
  if (at < 1 || at === rest.length - 1) return undefined
  const values = rest
    .slice(at + 1)
    .split('|')
    .map((v) => v.trim())
    .filter((v) => v !== '')
  return values.length > 0 ? { key: rest.slice(0, at).trim(), values, ...(not && { not }) } : undefined
}

/** writeCondition writes one as it is typed. */
export const writeCondition = (c: Condition) => `${c.not ? '!' : ''}${c.key}:${c.values.join('|')}`
