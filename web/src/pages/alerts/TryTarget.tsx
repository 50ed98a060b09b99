import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useTryTarget } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Failure } from '@/components/Failure'
import { useLanguage } from '@/components/useLanguage'

/** TryTarget sends a test message by what is typed, and shows the real answer. */
export function TryTarget({ input, id }: { input: Schemas['TargetInput']; id?: string }) {
  const { t } = useTranslation()
  const attempt = useTryTarget()
  return (
    <>
      <Group>
        <Button variant="default" size="xs" loading={attempt.isPending} disabled={input.name === ''} onClick={() => attempt.mutate({ ...input, id })}>
          {t('alerts.target.test')}
        </Button>
      </Group>
      {attempt.error && <Failure error={attempt.error} />}
      {attempt.data && <Answered answer={attempt.data} />}
    </>
  )
}

function Answered({ answer }: { answer: Schemas['TargetAnswer'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Alert color={answer.ok ? 'teal' : 'red'} title={t('alerts.target.answer')} role="alert">
      <Stack gap={4}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{answer.ok ? t('alerts.target.taken') : t('alerts.target.refused', { why: answer.problem ?? '' })}</Text>
        {(answer.status !== undefined || answer.body) && <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{`${answer.status ?? ''} ${answer.body ?? ''}`}</Code>}
        <Text size="xs">
          {t('alerts.target.took', { ms: answer.took_ms.toLocaleString(language) })}
          {!answer.ok && ` ${t(answer.retry ? 'alerts.target.retried' : 'alerts.target.not_retried')}`}
        </Text>
      </Stack>
    </Alert>
  )
}
