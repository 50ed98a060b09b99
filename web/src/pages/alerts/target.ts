// A target as its form has it, and as the API takes it.
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { useLanguage } from '@/components/useLanguage'

export type TargetDraft = {
  name: string
  kind: string
  language: 'en' | 'zh'
  settings: Record<string, string>
  templates: Schemas['TargetTemplates']
  forget: boolean // secrets that are kept, so that those that are typed alone stay
}

/** useTargetDraft holds what is typed of a target, and whether anything is; a new one speaks the language of the page. */
export function useTargetDraft(target: Schemas['Target'] | undefined, kinds: Schemas['TargetKind'][]) {
  const language = useLanguage()
  const [before] = useState<TargetDraft>({
    name: target?.name ?? '',
    kind: target?.kind ?? kinds[0]?.name ?? '',
    language: target?.language ?? language,
    settings: target?.settings ?? {},
    templates: target?.templates ?? {},
    forget: false,
  })
  const [draft, setDraft] = useState(before)
  return { draft, typed: draft !== before, change: (part: Partial<TargetDraft>) => setDraft((now) => ({ ...now, ...part })) }
}

/** toTarget is what the API takes: the fields of the kind alone, empty ones left out. */
export function toTarget(draft: TargetDraft, kinds: Schemas['TargetKind'][], enabled = true): Schemas['TargetInput'] {
  const fields = kinds.find((k) => k.name === draft.kind)?.fields ?? []
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    language: draft.language,
    enabled,
    settings: Object.fromEntries(Object.entries(draft.settings).filter(([key, value]) => value !== '' && fields.some((f) => f.name === key))),
    templates: draft.templates,
    ...(draft.forget && { forget_secrets: true }),
  }
}
