import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/client'

/** Failure says what happened where something could not be loaded or done, and offers to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const problem = error instanceof Problem ? error : undefined
  const title =
    problem?.status === 403 ? t('shell.state.forbidden') : problem?.status === 0 ? t('shell.state.offline') : t('shell.state.error')
  const message =
    problem?.status === 403
      ? t('shell.state.forbidden_text')
      : problem?.status === 412
        ? t('shell.state.conflict')
        : error instanceof Error
          ? error.message
          : String(error)
  return (
    <Alert icon={<IconAlertTriangle size={18} />} color="red" title={title} role="alert">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
      {problem?.errors.map((e, i) => (
        <Text key={i} size="sm" ff="monospace">
          {e.location}: {e.message}
        </Text>
      ))}
      {retry && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={retry}>
            {t('shell.state.retry')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
