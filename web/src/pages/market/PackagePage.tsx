import { Alert, Anchor, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePackage, type PackageDetail } from '@/api/packages'
import { useMay } from '@/api/session'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { Markdown } from '@/components/Markdown'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { bytes } from '@/lib/format'
import { Deploy } from './Deploy'
import { InstallActions } from './InstallActions'
import { inLanguage } from './naming'
import { PackageState } from './PackageState'

/** PackagePage is one package: what it is, what installing it does, how it is put to work. */
export function PackagePage() {
  const { source, name } = useParams({ strict: false })
  const found = usePackage(source ?? '', name ?? '')
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Skeleton height={400} />
  return <Shown package={found.data} />
}

function Shown({ package: p }: { package: PackageDetail }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const owner = useMay('owner')
  const changes = inLanguage(language, p.changelog, p.changelog_zh)
  const description = inLanguage(language, p.description, p.description_zh)
  return (
    <Stack>
      <Anchor component={Link} to="/market" size="sm">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t('market.back')}
        </Group>
      </Anchor>
      <Group justify="space-between" align="start">
        <Stack gap={6}>
          <Group gap="xs">
            <Heading name={inLanguage(language, p.title, p.title_zh) || p.name} foreign />
            <Text c="dimmed">{p.version}</Text>
          </Group>
          <Group gap="xs">
            <PackageState package={p} />
            <Text size="sm" c="dimmed">
              {t('market.from', { source: p.source_name })}
            </Text>
          </Group>
        </Stack>
        {owner && <InstallActions package={p} />}
      </Group>
      {p.problem && <Alert color="red">{p.problem}</Alert>}
      {description && <Markdown text={description} />}
      {p.requires.length > 0 && <Text size="sm">{t('market.requires', { names: p.requires.join(', ') })}</Text>}
      {p.installed && p.startup && <Deploy package={p} may={owner} />}
      <Section title={t('market.changelog')}>
        {changes ? (
          <Markdown text={changes} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('market.no_changelog')}
          </Text>
        )}
      </Section>
      {p.files.length > 0 && (
        <Section title={t('market.files')}>
          <Table.ScrollContainer minWidth={420}>
            <Table aria-label={t('market.files')}>
              <Table.Tbody>
                {p.files.map((file) => (
                  <Table.Tr key={file.name}>
                    <Table.Td>
                      <Text size="sm" ff="monospace">
                        {file.name}
                      </Text>
                    </Table.Td>
                    <Table.Td>{bytes(file.size)}</Table.Td>
                    <Table.Td>
                      <Text size="xs" ff="monospace" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                        {file.sha256}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Section>
      )}
    </Stack>
  )
}
