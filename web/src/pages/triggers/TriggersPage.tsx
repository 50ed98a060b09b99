import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** TriggersPage lists what runs a function of a script, and when. */
export function TriggersPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        {t('triggers.title')}
      </Title>
      <Text size="sm">{t('triggers.text')}</Text>
    </Stack>
  )
}
