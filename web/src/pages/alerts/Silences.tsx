import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteSilence, useEndSilence, useSilences } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'
import { writeCondition } from '@/lib/conditions'
import { SilenceForm } from './SilenceForm'

const colors: Record<Schemas['Silence']['state'], string> = { pending: 'blue', active: 'orange', expired: 'gray' }

/** Silences keep notices back: now, at a time, or again and again. */
export function Silences() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const silences = useSilences()
  const [edited, setEdited] = useState<Schemas['Silence'] | 'new'>()
  const [deleted, setDeleted] = useState<Schemas['Silence']>()
  const end = useEndSilence()
  const remove = useDeleteSilence()
  return (
    <Stack gap="sm">
      {may && (
        <Group justify="end">
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
            {t('alerts.silence.new')}
          </Button>
        </Group>
      )}
      <Listed
        query={silences}
        failed={end.error}
        label={t('alerts.tab.silences')}
        columns={[...(['name', 'about', 'state_label', 'begins', 'ends', 'events'] as const).map((column) => t(`alerts.silence.${column}`)), '']}
        empty={{ title: t('alerts.silence.none'), text: t('alerts.silence.none_text') }}
        width={720}
        row={(s) => (
          <Table.Tr key={s.id}>
            <Table.Td>
              <bdi>{s.name}</bdi>
              {s.period.cron && (
                <Text size="xs" c="dimmed" ff="monospace">
                  {s.period.cron}
                </Text>
              )}
            </Table.Td>
            <Table.Td maw={280}>
              <Text size="sm" lineClamp={2}>
                <About match={s.match} />
              </Text>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[s.state]} tt="none" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                {t(`alerts.silence.state.${s.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              <When at={s.begins} />
            </Table.Td>
            <Table.Td>
              <When at={s.ends} />
            </Table.Td>
            <Table.Td>{s.events.toLocaleString()}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => setEdited(s)} remove={() => setDeleted(s)}>
                  {s.state === 'active' && (
                    <Button size="compact-xs" variant="default" onClick={() => end.mutate(s.id)}>
                      {t('alerts.silence.end')}
                    </Button>
                  )}
                </EditDelete>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <SilenceForm silence={edited === 'new' ? undefined : edited} close={() => setEdited(undefined)} />}
      {deleted && <Delete name={deleted.name} id={deleted.id} text={t('alerts.silence.delete_text')} remove={remove} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}

function About({ match }: { match: Schemas['Matcher'] }) {
  const { t } = useTranslation()
  const parts = [...(match.objects ?? []), ...(match.attributes ?? []).map(writeCondition), ...(match.inspections ?? [])]
  return parts.length > 0 ? parts.join(', ') : t('alerts.silence.all')
}
