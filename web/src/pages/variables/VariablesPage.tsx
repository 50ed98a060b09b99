import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteVariable, useSets, useVariables, type Variable } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Heading } from '@/components/Heading'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'
import { writeValue } from './value'
import { VariableForm } from './VariableForm'

/** VariablesPage lists what scripts read by DFF.ENV; the values of secrets are never shown. */
export function VariablesPage() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const owner = useMay('owner')
  const variables = useVariables()
  const sets = useSets()
  const [edited, setEdited] = useState<Variable | 'new'>()
  const [deleted, setDeleted] = useState<Variable>()
  const remove = useDeleteVariable()
  const setOf = (id: string | undefined) => sets.data?.items.find((s) => s.id === id)?.name ?? id
  const mayChange = (v: Variable) => (v.kind === 'secret' ? owner : may)
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Heading name={t('variables.title')} />
        {may && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
            {t('variables.new')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" maw={720}>
        {t('variables.text')}
      </Text>
      <Listed
        query={variables}
        label={t('variables.title')}
        columns={[t('variables.name'), t('variables.set'), t('variables.kind_label'), t('variables.value'), t('variables.note'), t('variables.changed'), '']}
        empty={{ title: t('variables.none'), text: t('variables.none_text') }}
        width={720}
        row={(v) => (
          <Table.Tr key={v.id}>
            <Table.Td>
              <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {v.name}
              </Text>
            </Table.Td>
            <Table.Td>{v.set_id ? <bdi>{setOf(v.set_id)}</bdi> : t('variables.workspace')}</Table.Td>
            <Table.Td>{t(`variables.kind.${v.kind}`)}</Table.Td>
            <Table.Td>
              <Shown variable={v} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={3} maw={280}>
                {v.note || '–'}
              </Text>
            </Table.Td>
            <Table.Td>
              <When at={v.updated_at} />
            </Table.Td>
            <Table.Td>
              {mayChange(v) && (
                <EditDelete edit={() => setEdited(v)} remove={() => setDeleted(v)} />
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <VariableForm variable={edited === 'new' ? undefined : edited} sets={sets.data?.items ?? []} close={() => setEdited(undefined)} />}
      {deleted && (
        <Delete name={deleted.name} id={deleted.id} text={t('variables.delete_text')} remove={remove} close={() => setDeleted(undefined)} />
      )}
    </Stack>
  )
}

function Shown({ variable: v }: { variable: Variable }) {
  const { t } = useTranslation()
  if (v.kind === 'secret' || !v.set)
    return (
      <Badge variant="light" color={v.set ? 'teal' : 'orange'} tt="none" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
        {t(v.set ? 'variables.secret_set' : 'variables.secret_missing')}
      </Badge>
    )
  if (v.kind === 'boolean') return t(v.value === true ? 'variables.yes' : 'variables.no')
  return (
    <Text size="sm" ff="monospace" lineClamp={3} maw={320} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {writeValue(v.kind, v.value).slice(0, 1000)}
    </Text>
  )
}
