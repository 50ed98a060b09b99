// What a rule or a silence is about, as its form holds it and as the API takes it.
import type { Schemas } from '@/api/client'

export type ConditionForm = { key: string; not: boolean; values: string[] }
export type MatchForm = { inspections: string[]; objects: string[]; attributes: ConditionForm[] }

export const everything = (): MatchForm => ({ inspections: [], objects: [], attributes: [] })

/** fromMatcher fills the form. */
export const fromMatcher = (m: Schemas['Matcher'] | undefined): MatchForm => ({
  inspections: m?.inspections ?? [],
  objects: m?.objects ?? [],
  attributes: (m?.attributes ?? []).map((c) => ({ key: c.key, not: c.not ?? false, values: c.values })),
})

/** toMatcher is what the API takes; a condition that nothing was written in is left out. */
export const toMatcher = (f: MatchForm): Schemas['Matcher'] => ({
  inspections: f.inspections.length > 0 ? f.inspections : undefined,
  objects: f.objects.length > 0 ? f.objects : undefined,
  attributes: f.attributes.filter((c) => !isEmpty(c)).map((c) => ({ key: c.key.trim(), values: c.values, ...(c.not && { not: true }) })),
})

const isEmpty = (c: ConditionForm) => c.key.trim() === '' && c.values.length === 0

/** unfinished says that a condition lacks its attribute or its values. */
export const unfinished = (c: ConditionForm) => !isEmpty(c) && (c.key.trim() === '' || c.values.length === 0)
