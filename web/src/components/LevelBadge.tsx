import { useTranslation } from 'react-i18next'
import { Badged } from './Badged'

export type Level = 'critical' | 'error' | 'warning' | 'info' | 'ok'

const papers: Record<Level, string> = {
  critical: 'var(--mantine-color-red-9)',
  error: '#b8400b',
  warning: 'var(--mantine-color-yellow-4)',
  info: 'var(--mantine-color-blue-8)',
  ok: 'var(--mantine-color-teal-9)',
}

/** LevelBadge names how urgent a leak is, in a colour that is not the only sign of it. */
export function LevelBadge({ level, size = 'sm' }: { level: Level; size?: 'xs' | 'sm' | 'lg' }) {
  const { t } = useTranslation()
  return (
    <Badged ink={level === 'warning' ? 'var(--mantine-color-black)' : 'var(--mantine-color-white)'} paper={papers[level]} size={size}>
      {t(`domain.level.${level}`)}
    </Badged>
  )
}
