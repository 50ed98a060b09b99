import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCheckPackages, usePackages } from '@/api/packages'
import { useMay } from '@/api/session'
import { Heading } from '@/components/Heading'
import { Listed } from '@/components/Listed'
import { useLanguage } from '@/components/useLanguage'
import { addressOf, inLanguage } from './naming'
import { PackageState } from './PackageState'
import { Sources } from './Sources'

/** MarketPage lists the packages of scripts that can be installed, and where they come from. */
export function MarketPage() {
  const { t } = useTranslation()
  const language = useLanguage()
  const may = useMay('editor')
  const packages = usePackages()
  const check = useCheckPackages()
  return (
    <Stack>
      <Group justify="space-between">
        <Heading name={t('market.title')} />
        {may && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={check.isPending}
            onClick={() => check.mutate(undefined, { onSuccess: () => notifications.show({ color: 'teal', message: t('market.checked') }) })}
          >
            {t('market.check')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t('market.text')}
      </Text>
      <Listed
        query={packages}
        failed={check.error}
        label={t('market.packages')}
        columns={[t('market.column.package'), t('market.column.version'), t('market.column.source'), t('market.column.state')]}
        empty={{ title: t('market.none'), text: t('market.none_text') }}
        width={680}
        row={(p) => (
          <Table.Tr key={`${p.source} ${p.name}`}>
            <Table.Td>
              <Anchor component={Link} to={addressOf(p)} fw={500} size="sm">
                <bdi>{inLanguage(language, p.title, p.title_zh) || p.name}</bdi>
              </Anchor>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {inLanguage(language, p.description, p.description_zh)}
              </Text>
            </Table.Td>
            <Table.Td>{p.version}</Table.Td>
            <Table.Td>
              <bdi>{p.source_name}</bdi>
            </Table.Td>
            <Table.Td>
              <PackageState package={p} />
            </Table.Td>
          </Table.Tr>
        )}
      />
      {(packages.data || packages.error) && <Sources />}
    </Stack>
  )
}
