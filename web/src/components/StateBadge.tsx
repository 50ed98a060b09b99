import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { LevelBadge } from './LevelBadge'

/** StateBadge names how a host is: as urgent as its leak, fine, or silent. */
export function StateBadge({ state }: { state: Schemas['Host']['state'] }) {
  const { t } = useTranslation()
  if (state !== 'no_data') return <LevelBadge level={state} />
  return (
    <Badge color="gray.7" tt="none" miw="max-content">
      {t('overview.state.no_data')}
    </Badge>
  )
}
