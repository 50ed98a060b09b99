import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** ScriptsPage lists the script sets and their scripts. */
export function ScriptsPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        {t('scripts.title')}
      </Title>
      <Text size="sm">{t('scripts.text')}</Text>
    </Stack>
  )
}
