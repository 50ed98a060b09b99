import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export type Level = 'critical' | 'error' | 'warning' | 'info' | 'ok'

const colors: Record<Level, string> = { critical: 'red.9', error: '#b8400b', warning: 'yellow.4', info: 'blue.8', ok: 'teal.9' }

/** LevelBadge names how urgent a leak is, in a colour that is not the only sign of it. */
export function LevelBadge({ level, size = 'sm' }: { level: Level; size?: 'xs' | 'sm' | 'md' | 'lg' }) {
  const { t } = useTranslation()
  return (
    <Badge color={colors[level]} variant="filled" size={size} tt="none" miw="max-content">
      {t(`domain.level.${level}`)}
    </Badge>
  )
}
