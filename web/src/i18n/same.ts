/** Same is a tree with the keys of T and texts at its leaves: what each language has to fill. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
