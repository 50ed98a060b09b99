import { oneOf, text, whole } from '@/lib/address'

/** parts are what is shown of a script. */
export const parts = ['draft', 'changes', 'versions'] as const

const mostVersions = 1_000_000

/** shape is the state of the page in its address: the script that is open, what is shown of it, and the versions that are compared (0 is the draft, -1 what is published). */
export const shape = { script: text(), part: oneOf(parts, 'draft'), from: whole(-1, -1, mostVersions), to: whole(0, -1, mostVersions) }
