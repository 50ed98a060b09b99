import { oneOf, whole } from '@/lib/address'

/** parts are what is shown of a script. */
export const parts = ['draft', 'changes', 'versions'] as const

const mostVersions = 1_000_000

/** shape is the state of a script's page in its address: what is shown of it, and the versions that are compared (0 is the draft, -1 what is published). */
export const shape = { part: oneOf(parts, 'draft'), from: whole(-1, -1, mostVersions), to: whole(0, -1, mostVersions) }
