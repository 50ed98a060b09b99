import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/client'

// What is said of some statuses, above what the server says was wrong.
const words: Record<number, { title: 'shell.state.forbidden' | 'shell.state.gone' | 'shell.state.refused' | 'shell.state.offline' | 'shell.state.ended'; text?: 'shell.state.ended_text' | 'shell.state.gone_text' | 'shell.state.conflict' }> = {
  0: { title: 'shell.state.offline' },
  401: { title: 'shell.state.ended', text: 'shell.state.ended_text' },
  403: { title: 'shell.state.forbidden' },
  404: { title: 'shell.state.gone', text: 'shell.state.gone_text' },
  409: { title: 'shell.state.refused' },
  412: { title: 'shell.state.refused', text: 'shell.state.conflict' },
  422: { title: 'shell.state.refused' },
}

/** Failure says what happened where something could not be loaded or done, and offers to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const problem = error instanceof Problem ? error : undefined
  const acted = problem?.status === 404 && !retry // an action names what it did not find
  const said = acted ? undefined : words[problem?.status ?? -1]
  const title = said ? t(said.title) : t('shell.state.error')
  const message = error instanceof Error ? error.message : String(error)
  const again = problem?.status === 403 || problem?.status === 404 ? undefined : retry // it would be answered alike
  return (
    <Alert icon={<IconAlertTriangle size={18} />} color="red" title={title} role="alert">
      {said?.text && <Text size="sm">{t(said.text)}</Text>}
      <Text size={said?.text ? 'xs' : 'sm'} c={said?.text ? 'dimmed' : undefined} style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
      {problem?.errors.filter((e) => e.message !== message).map((e, i) => (
        <Text key={i} size="sm" ff="monospace">
          {e.location}: {e.message}
        </Text>
      ))}
      {again && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={again}>
            {t('shell.state.retry')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
