import { Group, Select, Skeleton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useVersion, useVersions, type Script } from '@/api/scripts'
import { Failure } from '@/components/Failure'
import { Compare } from './code/Compare'

type Props = { script: Script; text: string; from: number; to: number; choose: (from: number, to: number) => void }

const published = -1
const draft = 0

/** Changes compares two of: the draft as it stands in the editor, what is published, each version. */
export function Changes({ script, text, from, to, choose }: Props) {
  const { t } = useTranslation()
  const versions = useVersions(script.id)
  const before = useSide(script, text, from)
  const after = useSide(script, text, to)
  if (script.number === 0) return <Text size="sm">{t('scripts.compare.none')}</Text>
  const choices = [
    { value: String(draft), label: t('scripts.compare.draft') },
    { value: String(published), label: t('scripts.compare.published', { number: script.number }) },
    ...(versions.data?.items ?? []).filter((v) => v.number !== script.number).map((v) => ({ value: String(v.number), label: t('scripts.compare.version', { number: v.number }) + (v.note ? ` · ${v.note.slice(0, 60)}` : '') })),
  ]
  const name = (side: number) => choices.find((c) => c.value === String(side))?.label ?? t('scripts.compare.version', { number: side })
  const error = versions.error ?? before.error ?? after.error
  return (
    <Stack gap="sm">
      <Group grow>
        <Select label={t('scripts.compare.from')} data={choices} value={String(from)} allowDeselect={false} onChange={(v) => v && choose(Number(v), to)} />
        <Select label={t('scripts.compare.to')} data={choices} value={String(to)} allowDeselect={false} onChange={(v) => v && choose(from, Number(v))} />
      </Group>
      {error && <Failure error={error} />}
      {!error && (before.text === undefined || after.text === undefined) && <Skeleton height={240} />}
      {before.text !== undefined && after.text !== undefined && <Compare before={{ label: name(from), text: before.text }} after={{ label: name(to), text: after.text }} />}
    </Stack>
  )
}

function useSide(script: Script, text: string, side: number): { text?: string; error?: Error | null } {
  const kept = side === script.number ? published : side
  const version = useVersion(script.id, kept > 0 ? kept : undefined)
  if (kept === draft) return { text }
  if (kept === published) return { text: script.code }
  return { text: version.data && (version.data.code ?? ''), error: version.error }
}
