// Where in a request something is wrong, as the server names it, and the field of a form that it is.

/** fieldsAt are the names of fields for a location, the nearest first: body.rules[0].name is rules.0.name, else rules.0, else rules. */
export function fieldsAt(location: string): string[] {
  const parts = location
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/:.*$/, '')
    .split('.')
    .filter((part) => part !== '')
  if (parts.shift() !== 'body') return []
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'))
}
