import { Alert, Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/client'
import { Failure } from './Failure'

/** SaveFailure says why something was not saved; where somebody else was faster, what they saved can be loaded. */
export function SaveFailure({ error, conflict, reload }: { error: Error | null; conflict: string; reload?: () => void }) {
  const { t } = useTranslation()
  if (!error) return null
  if (!(error instanceof Problem && error.status === 412)) return <Failure error={error} />
  return (
    <Alert color="orange" role="alert">
      <Group justify="space-between">
        {conflict}
        <Button size="xs" variant="default" onClick={reload}>
          {t('inspection.reload')}
        </Button>
      </Group>
    </Alert>
  )
}
