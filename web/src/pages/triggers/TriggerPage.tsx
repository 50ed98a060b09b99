import { Anchor, Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconArrowLeft, IconCode, IconPlayerPlay, IconRadar2 } from '@tabler/icons-react'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { useSaveTrigger, useTrigger, type Trigger } from '@/api/triggers'
import { Forbidden } from '@/components/Forbidden'
import { Heading } from '@/components/Heading'
import { Loaded } from '@/components/Loaded'
import { SaveFailure } from '@/components/SaveFailure'
import { Unsaved } from '@/components/Unsaved'
import { readArgs } from '@/lib/args'
import { fresh, fromTrigger, toInput, type Form } from './form'
import { Records } from './Records'
import { TriggerFields } from './TriggerFields'
import { useRun } from './TriggerRow'

/** TriggerPage edits a trigger, or makes a new one, and shows its records. */
export function TriggerPage() {
  const { id } = useParams({ strict: false })
  const may = useMay('editor')
  const existing = id === 'new' ? undefined : id
  const trigger = useTrigger(existing)
  if (existing === undefined) return may ? <Editor /> : <Forbidden needs="editor" />
  return (
    <Stack>
      <Loaded query={trigger} waiting={<Skeleton height={700} />}>
        {({ data, version }) => (
          <>
            <Editor key={`${existing} ${version}`} trigger={data} version={version} reload={() => void trigger.refetch()} />
            <Records trigger={existing} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Editor({ trigger, version = '', reload }: { trigger?: Trigger; version?: string; reload?: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const may = useMay('editor')
  const save = useSaveTrigger(trigger?.id, version)
  const run = useRun()
  const form = useForm<Form>({
    initialValues: trigger ? fromTrigger(trigger) : fresh,
    validate: {
      function: (name) => (name === '' ? t('triggers.form.function_missing') : null),
      args: (text) => {
        const { problem } = readArgs(text)
        return problem ? t(`triggers.form.args_${problem}`) : null
      },
    },
    validateInputOnChange: ['args'],
  })
  const submit = form.onSubmit((values) =>
    save.mutate(toInput(values), {
      onSuccess: (saved) => {
        notifications.show({ color: 'teal', message: t('inspection.saved') })
        form.resetDirty()
        if (!trigger) void navigate({ to: '/triggers/$id', params: { id: saved.id }, ignoreBlocker: true })
      },
    }),
  )
  return (
    <Stack>
      <Anchor component={Link} to="/triggers" size="sm">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t('triggers.back')}
        </Group>
      </Anchor>
      <Group justify="space-between">
        <Stack gap={2}>
          <Heading name={trigger ? trigger.title || trigger.function : t('triggers.new')} foreign={trigger !== undefined} />
          {trigger && <Ties trigger={trigger} />}
        </Stack>
        {trigger && may && (
          <Button size="xs" variant="light" leftSection={<IconPlayerPlay size={14} />} loading={run.isPending} onClick={() => run.start(trigger.id)}>
            {t('triggers.run')}
          </Button>
        )}
      </Group>
      <form onSubmit={submit}>
        <Stack>
          <TriggerFields form={form} trigger={trigger} readOnly={!may} />
          <SaveFailure error={save.error} conflict={t('triggers.conflict')} reload={reload} />
          {may && (
            <Group justify="end">
              <Button type="submit" loading={save.isPending}>
                {t('shell.action.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <Unsaved there={() => form.isDirty() && !save.isSuccess} />
    </Stack>
  )
}

// Ties are what a trigger belongs to: its script, and the inspection that its function is.
function Ties({ trigger }: { trigger: Trigger }) {
  const { t } = useTranslation()
  return (
    <Group gap="sm">
      <Anchor component={Link} to={`/scripts/${trigger.script_id}`} size="sm">
        <Group gap={4}>
          <IconCode size={14} />
          <Text span inherit ff="monospace">{`${trigger.script}.${trigger.function}`}</Text>
        </Group>
      </Anchor>
      {trigger.inspection_id && (
        <Anchor component={Link} to={`/inspections/${trigger.inspection_id}`} size="sm">
          <Group gap={4}>
            <IconRadar2 size={14} />
            {t('triggers.inspection')}
          </Group>
        </Anchor>
      )}
      {trigger.paused && (
        <Badge size="sm" color="yellow.4" autoContrast tt="none">
          {t('triggers.paused')}
        </Badge>
      )}
    </Group>
  )
}
