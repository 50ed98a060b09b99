import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** MarketPage lists the packages of scripts that can be installed. */
export function MarketPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        {t('market.title')}
      </Title>
      <Text size="sm">{t('market.text')}</Text>
    </Stack>
  )
}
