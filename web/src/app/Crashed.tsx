import { Button, Code, Stack } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '@/components/Empty'

/** Crashed stands where a page broke: the rest of the app goes on. */
export function Crashed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  return (
    <Empty title={t('shell.state.crashed')}>
      <Stack align="center">
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
        <Button onClick={reset}>{t('shell.state.retry')}</Button>
      </Stack>
    </Empty>
  )
}
