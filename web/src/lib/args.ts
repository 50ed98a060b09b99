export type Args = { value?: unknown; problem?: 'syntax' | 'shape' }

/** readArgs reads what a function is called with: an object of named arguments or a list; empty is none. */
export function readArgs(text: string): Args {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'syntax' }
  }
  return typeof value === 'object' && value !== null ? { value } : { problem: 'shape' }
}
