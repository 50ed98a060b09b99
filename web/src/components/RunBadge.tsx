import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Badged } from './Badged'

const colors: Record<Schemas['Run']['status'], string> = {
  pending: 'gray',
  running: 'blue',
  success: 'teal',
  failure: 'red',
  timeout: 'red',
  expired: 'gray',
  skipped: 'yellow',
}

/** RunBadge names how far a run is. */
export function RunBadge({ status }: { status: Schemas['Run']['status'] }) {
  const { t } = useTranslation()
  return (
    <Badged ink="var(--mantine-color-text)" paper={`var(--mantine-color-${colors[status]}-light)`}>
      {t(`domain.run.${status}`)}
    </Badged>
  )
}
