// The state of a page lies in its address, so that a link shows the same thing. Each page names
// its parameters with their defaults; what the address does not name, or names wrongly, is the
// default, and what is the default is left out of the address.

export type Parameter<T> = { fallback: T; read: (raw: unknown) => T | undefined }

/** text is a parameter of free text. */
export const text = (fallback = ''): Parameter<string> => ({
  fallback,
  read: (raw) => (typeof raw === 'string' ? raw : typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : undefined),
})

/** oneOf is a parameter with a few values. */
export const oneOf = <const T extends string>(values: readonly T[], fallback: T): Parameter<T> => ({
  fallback,
  read: (raw) => values.find((value) => value === raw),
})

/** whole is a parameter that is a whole number from least to most. */
export const whole = (fallback: number, least: number, most: number): Parameter<number> => ({
  fallback,
  read: (raw) => {
    const n = Number(raw)
    return Number.isInteger(n) && n >= least && n <= most ? n : undefined
  },
})

/** list is a parameter of several texts. */
export const list = (): Parameter<string[]> => ({
  fallback: [],
  read: (raw) =>
    Array.isArray(raw)
      ? raw.filter((item): item is string => typeof item === 'string')
      : typeof raw === 'string' && raw !== ''
        ? [raw]
        : undefined,
})

type Shape = Record<string, Parameter<unknown>>
export type State<S extends Shape> = { [K in keyof S]: S[K] extends Parameter<infer T> ? T : never }

/** read takes the state of a page out of its address. */
export function read<S extends Shape>(shape: S, search: Record<string, unknown>): State<S> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, parameter]) => [name, parameter.read(search[name]) ?? parameter.fallback]),
  ) as State<S>
}

/** write is what the address has to name: all that is not as by default. */
export function write<S extends Shape>(shape: S, state: Partial<State<S>>): Partial<State<S>> {
  return Object.fromEntries(
    Object.entries(state).filter(([name, value]) => {
      const fallback = shape[name]?.fallback
      return JSON.stringify(value) !== JSON.stringify(fallback)
    }),
  ) as Partial<State<S>>
}
