// What a list last showed, so that the way back from one of its rows leads to it and not to another.
const addresses = new Map<string, Record<string, unknown>>()

/** visit notes what the address of a list says. */
export const visit = (path: string, search: Record<string, unknown>) => void addresses.set(path, search)

/** visited is what a list last showed; nothing where it was not open yet. */
export const visited = (path: string): Record<string, unknown> => addresses.get(path) ?? {}
