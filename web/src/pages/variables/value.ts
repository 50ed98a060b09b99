// A variable's value as it stands in a form, and as scripts get it.

export const kinds = ['string', 'secret', 'integer', 'float', 'boolean', 'json', 'list'] as const
export type Kind = (typeof kinds)[number]

export type Value = { value?: unknown; problem?: 'secret' | 'integer' | 'float' | 'json' }

const shortestSecret = 4 // characters: a shorter one would mask every word

/** readValue reads what stands in a form; without a value where nothing was typed, with a problem where it is none of its kind. */
export function readValue(kind: Kind, text: string): Value {
  const trimmed = text.trim()
  switch (kind) {
    case 'string':
      return { value: text }
    case 'secret':
      return text === '' ? {} : text.length < shortestSecret ? { problem: 'secret' } : { value: text }
    case 'integer':
      return /^[+-]?\d+$/.test(trimmed) && Number.isSafeInteger(Number(trimmed)) ? { value: Number(trimmed) } : { problem: 'integer' }
    case 'float':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? { value: Number(trimmed) } : { problem: 'float' }
    case 'boolean':
      return { value: trimmed === 'true' }
    case 'list':
      if (!trimmed.startsWith('[')) return { value: text.split('\n').map((item) => item.trim()).filter((item) => item !== '') }
      return readJSON(trimmed)
    case 'json':
      return readJSON(text)
  }
}

function readJSON(text: string): Value {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { problem: 'json' }
  }
}

/** writeValue is how a value stands in the form of its kind: a list of texts as a line an item, any other list as JSON. */
export function writeValue(kind: Kind, value: unknown): string {
  if (value === undefined || (value === null && kind !== 'json')) return kind === 'boolean' ? 'false' : ''
  if (kind === 'list' && Array.isArray(value) && value.every(isLine) && !value[0]?.startsWith('[')) return value.join('\n')
  if (kind === 'json') return JSON.stringify(value, null, 2)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const isLine = (item: unknown): item is string => typeof item === 'string' && item !== '' && item === item.trim() && !item.includes('\n')
