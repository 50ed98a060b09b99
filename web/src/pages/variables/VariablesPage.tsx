import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** VariablesPage lists what scripts read by DFF.ENV. */
export function VariablesPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        {t('variables.title')}
      </Title>
      <Text size="sm">{t('variables.text')}</Text>
    </Stack>
  )
}
