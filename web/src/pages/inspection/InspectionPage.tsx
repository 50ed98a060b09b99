import { Alert, Anchor, Badge, Button, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Schemas } from '@/api/client'
import { useInspection, useSaveInspection } from '@/api/inspections'
import { useMay } from '@/api/session'
import { useTriggers } from '@/api/triggers'
import { Forbidden } from '@/components/Forbidden'
import { Heading } from '@/components/Heading'
import { Loaded } from '@/components/Loaded'
import { RunBadge } from '@/components/RunBadge'
import { SaveFailure } from '@/components/SaveFailure'
import { Unsaved } from '@/components/Unsaved'
import { When } from '@/components/When'
import { Backtest } from './Backtest'
import { DryRun } from './DryRun'
import { Fields } from './Fields'
import { fresh, fromInspection, toInput, type Form } from './form'

/** InspectionPage edits an inspection, or makes a new one; it can be tried out before it is saved. */
export function InspectionPage() {
  const { id } = useParams({ strict: false })
  const may = useMay('editor')
  const existing = id === 'new' ? undefined : id
  const inspection = useInspection(existing)
  if (existing === undefined) return may ? <Editor /> : <Forbidden needs="editor" />
  return (
    <Loaded query={inspection} waiting={<Waiting />}>
      {({ data, version }) => <Editor key={`${existing} ${version}`} inspection={data} version={version} reload={() => void inspection.refetch()} />}
    </Loaded>
  )
}

// Waiting has the shape of what will be there.
function Waiting() {
  return (
    <Stack aria-busy>
      <Skeleton height={20} width={120} />
      <Skeleton height={30} width="40%" />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={760} />
        <Skeleton height={600} />
      </SimpleGrid>
    </Stack>
  )
}

function Editor({ inspection, version = '', reload }: { inspection?: Schemas['Inspection']; version?: string; reload?: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const may = useMay('editor')
  const save = useSaveInspection(inspection?.id, version)
  const form = useForm<Form>({ initialValues: inspection ? fromInspection(inspection) : fresh })
  const submit = form.onSubmit((values) =>
    save.mutate(toInput(values), {
      onSuccess: (saved) => {
        notifications.show({ color: 'teal', message: t('inspection.saved') })
        form.resetDirty()
        if (!inspection) void navigate({ to: '/inspections/$id', params: { id: saved.id }, ignoreBlocker: true })
      },
    }),
  )
  return (
    <Stack>
      <Anchor component={Link} to="/inspections" size="sm">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t('inspection.back')}
        </Group>
      </Anchor>
      <Group>
        <Heading name={inspection?.name ?? t('inspection.new')} foreign={inspection !== undefined} />
        {inspection?.last_run && (
          <Anchor component={Link} to={`/runs/${inspection.last_run.id}`} size="sm" underline="never">
            <Group gap={6}>
              <RunBadge status={inspection.last_run.status} />
              <When at={inspection.last_run.ended_at ?? inspection.last_run.scheduled_at} />
            </Group>
          </Anchor>
        )}
        {inspection && (
          <Anchor component={Link} to="/events" search={{ inspection: inspection.id } as never} size="sm">
            {t('inspections.events')} <Badge size="sm" variant="default" children={inspection.open_events} />
          </Anchor>
        )}
      </Group>
      {inspection && <Provenance inspection={inspection} />}
      <form onSubmit={submit}>
        <Stack>
          <Fields form={form} readOnly={!may} scripted={inspection?.origin === 'script'} />
          <SaveFailure error={save.error} conflict={t('inspection.conflict')} reload={reload} />
          {may && (
            <Group justify="end">
              <Button type="submit" loading={save.isPending}>
                {t('inspection.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      {may && (
        <>
          <DryRun input={() => toInput(form.getValues())} />
          <Backtest input={() => toInput(form.getValues())} />
        </>
      )}
      <Unsaved there={() => form.isDirty() && !save.isSuccess} />
    </Stack>
  )
}

// The words of the form for the fields of the API.
const fields = {
  name: 'inspection.name',
  help: 'inspection.help',
  hosts: 'inspection.hosts',
  source_id: 'inspection.source',
  window_seconds: 'inspection.window',
  healthy_runs: 'inspection.healthy_runs',
  no_data_runs: 'inspection.no_data_runs',
  levels: 'inspection.levels',
  policy_id: 'inspection.policy',
  schedule: 'inspection.schedule',
  time_zone: 'inspection.zone',
  timeout_seconds: 'inspection.timeout',
  enabled: 'inspection.enabled',
  expires_at: 'inspection.expires',
  tags: 'inspection.tags',
} as const

function Provenance({ inspection: i }: { inspection: Schemas['Inspection'] }) {
  const { t } = useTranslation()
  if (i.origin === 'app' && !i.script) return null
  const origin = t(`domain.origin.${i.origin}`)
  return (
    <Alert color="blue" py="xs">
      {i.origin !== 'app' && (
        <Text size="sm">{i.overridden.length > 0 ? t('inspection.overridden', { origin, fields: i.overridden.map((field) => (field in fields ? t(fields[field as keyof typeof fields]) : field)).join(t('inspection.and')) }) : t('inspection.from', { origin })}</Text>
      )}
      {i.script && i.origin !== 'script' && <Text size="sm">{t('inspection.filtered')}</Text>}
      {i.origin === 'script' && <Scripted trigger={i.trigger_id} />}
    </Alert>
  )
}

// Scripted leads to what runs a script's inspection, and to the script.
function Scripted({ trigger }: { trigger?: string }) {
  const { t } = useTranslation()
  const triggers = useTriggers()
  const found = triggers.data?.items.find((one) => one.id === trigger)
  if (triggers.data && !found) return <Text size="sm">{t('inspection.no_trigger')}</Text>
  return (
    <Group gap="md">
      {trigger && (
        <Anchor component={Link} to={`/triggers/${trigger}`} size="sm">
          {t('inspection.trigger')}
        </Anchor>
      )}
      {found && (
        <Anchor component={Link} to={`/scripts/${found.script_id}`} size="sm">
          {t('inspection.script', { name: found.script })}
        </Anchor>
      )}
    </Group>
  )
}
