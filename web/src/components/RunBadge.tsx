import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'

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
    <Badge variant="light" autoContrast={false} color={colors[status]} tt="none" miw="max-content" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
      {t(`domain.run.${status}`)}
    </Badge>
  )
}
