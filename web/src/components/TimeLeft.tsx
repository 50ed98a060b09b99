import { Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { absolute, duration } from '@/lib/format'
import { useLanguage } from './useLanguage'
import { useNow } from './useNow'

/** TimeLeft says how long it takes until the limit is reached; the time itself on hover. */
export function TimeLeft({ at, full = false }: { at: string | undefined; full?: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  if (full) return <Text span inherit fw={600} c="red" children={t('events.full')} />
  if (!at) return <Text span inherit c="dimmed" children="–" />
  const time = new Date(at)
  const left = (time.getTime() - now.getTime()) / 1000
  return (
    <Tooltip label={absolute(time, language)}>
      <Text span inherit tabIndex={0} fw={left < 6 * 3600 ? 600 : undefined}>
        {left <= 0 ? t('events.full') : duration(left, language)}
      </Text>
    </Tooltip>
  )
}
