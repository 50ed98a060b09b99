import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { useSources } from '@/api/inspections'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { SourceForm } from './SourceForm'

/** Sources are the addresses outside that inspections may read from. */
export function Sources() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const sources = useSources()
  const [edited, setEdited] = useState<Schemas['Source'] | 'new'>()
  const [deleted, setDeleted] = useState<Schemas['Source']>()
  const remove = useChange((id: string) => unwrap(api.DELETE('/api/v1/sources/{id}', { params: { path: { id } } })), ['settings', 'sources'])
  return (
    <Stack gap="sm">
      {may && (
        <Group justify="end">
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
            {t('settings.sources.new')}
          </Button>
        </Group>
      )}
      <Listed
        query={sources}
        label={t('settings.tab.sources')}
        columns={[t('settings.sources.name'), t('settings.sources.url'), t('settings.sources.sign_in'), '']}
        empty={{ title: t('settings.sources.none'), text: t('settings.sources.none_text') }}
        width={560}
        row={(s) => (
          <Table.Tr key={s.id}>
            <Table.Td>
              <bdi>{s.name}</bdi>
            </Table.Td>
            <Table.Td>
              <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {s.url}
              </Text>
            </Table.Td>
            <Table.Td>{t(`settings.sources.kind.${s.credentials}`)}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => setEdited(s)} remove={() => setDeleted(s)} />
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <SourceForm source={edited === 'new' ? undefined : edited} close={() => setEdited(undefined)} />}
      {deleted && <Delete name={deleted.name} id={deleted.id} text={t('settings.sources.delete_text')} remove={remove} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}
