import { Badge, Button, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteSilence, useEndSilence, usePolicies, useSilence, useSilences } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { useInspections } from '@/api/inspections'
import { useMay } from '@/api/session'
import { Delete } from '@/components/Delete'
import { EditDelete } from '@/components/EditDelete'
import { Listed } from '@/components/Listed'
import { useAddress } from '@/components/useAddress'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { oneOf } from '@/lib/address'
import { sayMatch, sayPeriod } from './said'
import { SilenceForm } from './SilenceForm'
import { useEdited } from './useEdited'

const colors: Record<Schemas['Silence']['state'], string> = { pending: 'blue', active: 'orange', expired: 'gray' }
const states = ['all', 'active', 'pending', 'expired'] as const
const shape = { state: oneOf(states, 'all') }

/** Silences keep notices back: now, at a time, or again and again. */
export function Silences() {
  const { t } = useTranslation()
  const [{ state }, change] = useAddress(shape)
  const may = useMay('editor')
  const silences = useSilences()
  const inspections = useInspections()
  const policies = usePolicies()
  const { edited, failed, reload, edit, close } = useEdited(useSilence)
  const [deleted, setDeleted] = useState<Schemas['Silence']>()
  const end = useEndSilence()
  const remove = useDeleteSilence()
  const shown = { ...silences, data: silences.data && { items: silences.data.items.filter((s) => state === 'all' || s.state === state) } }
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('alerts.silence.state_label')}
          data={states.map((value) => ({ value, label: t(value === 'all' ? 'alerts.notice.all' : `alerts.silence.state.${value}`) }))}
          value={state}
          onChange={(to) => change({ state: to as typeof state })}
        />
        {may && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => edit('new')}>
            {t('alerts.silence.new')}
          </Button>
        )}
      </Group>
      <Listed
        query={shown}
        names={[inspections, policies]}
        failed={end.error ?? failed}
        label={t('alerts.tab.silences')}
        columns={[...(['name', 'about', 'state_label', 'begins', 'ends', 'events'] as const).map((column) => t(`alerts.silence.${column}`)), '']}
        empty={{ title: t('alerts.silence.none'), text: t('alerts.silence.none_text') }}
        width={820}
        row={(s) => (
          <Table.Tr key={s.id}>
            <Table.Td maw={260}>
              <bdi>{s.name}</bdi>
              <Times silence={s} />
            </Table.Td>
            <Table.Td maw={260}>
              <About silence={s} />
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[s.state]} tt="none" miw="max-content" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                {t(`alerts.silence.state.${s.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              <When at={s.begins ?? s.period.from} />
            </Table.Td>
            <Table.Td>
              <When at={s.ends ?? s.period.to} />
            </Table.Td>
            <Table.Td>{s.events.toLocaleString()}</Table.Td>
            <Table.Td>
              {may && (
                <EditDelete edit={() => edit(s.id)} remove={() => setDeleted(s)}>
                  {s.state === 'active' && (
                    <Button size="compact-xs" variant="default" onClick={() => end.mutate(s.id)}>
                      {t(s.period.cron ? 'alerts.silence.end_all' : 'alerts.silence.end')}
                    </Button>
                  )}
                </EditDelete>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {may && edited && <SilenceForm key={edited.key} edited={edited.one} reload={reload} close={close} />}
      {deleted && <Delete name={deleted.name} id={deleted.id} text={t('alerts.silence.delete_text')} remove={remove} close={() => setDeleted(undefined)} />}
    </Stack>
  )
}

// Times says when a silence comes again, and who made it.
function Times({ silence: s }: { silence: Schemas['Silence'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Text size="xs" c="dimmed">
      {s.period.cron && `${sayPeriod({ cron: s.period.cron, for_seconds: s.period.for_seconds }, s.time_zone ?? '', t, language)} (${s.time_zone || 'UTC'}) · `}
      {t('alerts.silence.by', { name: s.created_by })}
    </Text>
  )
}

function About({ silence: s }: { silence: Schemas['Silence'] }) {
  const { t } = useTranslation()
  const inspections = useInspections()
  const policies = usePolicies()
  const nameOf = (items: { id: string; name: string }[] | undefined, id: string) => items?.find((item) => item.id === id)?.name ?? id
  const parts = [...s.policies.map((id) => nameOf(policies.data?.items, id)), ...sayMatch(s.match, (id) => nameOf(inspections.data?.items, id))]
  return (
    <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
      {parts.join(t('alerts.said.and')) || t('alerts.silence.all')}
    </Text>
  )
}
