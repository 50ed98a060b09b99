import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Badged } from './Badged'
import { LevelBadge } from './LevelBadge'

/** StateBadge names how a host is: as urgent as its leak, fine, or silent. */
export function StateBadge({ state }: { state: Schemas['Host']['state'] }) {
  const { t } = useTranslation()
  if (state !== 'no_data') return <LevelBadge level={state} />
  return (
    <Badged ink="var(--mantine-color-white)" paper="var(--mantine-color-gray-7)">
      {t('overview.state.no_data')}
    </Badged>
  )
}
