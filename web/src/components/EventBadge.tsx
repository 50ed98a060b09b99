import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Badged } from './Badged'
import { LevelBadge } from './LevelBadge'

/** EventBadge names how urgent an event is, or that it is over. */
export function EventBadge({ event: e }: { event: Pick<Schemas['EventSummary'], 'status' | 'level'> }) {
  const { t } = useTranslation()
  if (e.status === 'open') return <LevelBadge level={e.level} />
  return (
    <Badged ink="var(--mantine-color-text)" paper="var(--mantine-color-gray-light)">
      ✓ {t('domain.status.recovered')}
    </Badged>
  )
}
