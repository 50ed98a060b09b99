import { Text, Tooltip } from '@mantine/core'
import { absolute, ago } from '@/lib/format'
import { useLanguage } from './useLanguage'
import { useNow } from './useNow'

/** When says how long ago a time was, and the time itself on hover and to a screen reader. */
export function When({ at }: { at: string | null | undefined }) {
  const language = useLanguage()
  const now = useNow()
  if (!at) return <Text span inherit c="dimmed" children="–" />
  const time = new Date(at)
  return (
    <Tooltip label={absolute(time, language)}>
      <time dateTime={at} tabIndex={0}>
        {ago(time, now, language)}
      </time>
    </Tooltip>
  )
}
