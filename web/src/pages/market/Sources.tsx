import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeletePackageSource, usePackageSources, type PackageSource } from '@/api/packages'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { Section } from '@/components/Section'
import { When } from '@/components/When'
import { SourceForm } from './SourceForm'

/** Sources are where packages come from; owners add folders, git repositories and HTTP indexes. */
export function Sources() {
  const { t } = useTranslation()
  const may = useMay('owner')
  const sources = usePackageSources()
  const remove = useDeletePackageSource()
  const [edited, setEdited] = useState<PackageSource | 'new'>()
  const [deleted, setDeleted] = useState<PackageSource>()
  return (
    <Section
      title={t('market.sources')}
      aside={
        may && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
            {t('market.source.new')}
          </Button>
        )
      }
    >
      <Listed
        query={sources}
        label={t('market.sources')}
        columns={[t('market.source.name'), t('market.source.kind'), t('market.source.address'), t('market.source.checked'), '']}
        empty={{ title: t('market.none') }}
        width={640}
        row={(s) => (
          <Table.Tr key={s.id}>
            <Table.Td>
              <Group gap={6}>
                <bdi>{s.name}</bdi>
                {s.public_key && (
                  <Badge size="xs" variant="default" tt="none">
                    {t('market.source.pinned')}
                  </Badge>
                )}
              </Group>
            </Table.Td>
            <Table.Td>{t(`market.source.kinds.${s.kind}`)}</Table.Td>
            <Table.Td>
              <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {s.address || '–'}
              </Text>
            </Table.Td>
            <Table.Td maw={360}>
              <When at={s.checked_at} />
              {s.error && (
                <Text size="xs" c="red" style={{ overflowWrap: 'anywhere' }}>
                  {s.error}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              {may && s.kind !== 'builtin' && (
                <EditDelete edit={() => setEdited(s)} remove={() => setDeleted(s)} />
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <SourceForm source={edited === 'new' ? undefined : edited} close={() => setEdited(undefined)} />}
      {deleted && (
        <Delete name={deleted.name} id={deleted.id} text={t('market.source.delete_text')} remove={remove} close={() => setDeleted(undefined)} />
      )}
    </Section>
  )
}
