import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePolicies, useTargetKinds, useTargets } from '@/api/alerts'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Failure } from '@/components/Failure'
import { SaveFailure } from '@/components/SaveFailure'
import { emptyRule, fromPolicy, toPolicy } from '@/pages/alerts/policy'
import { toTarget, useTargetDraft } from '@/pages/alerts/target'
import { TargetFields } from '@/pages/alerts/TargetFields'
import { TryTarget } from '@/pages/alerts/TryTarget'

/** Tell makes the first target, and has the default policy tell it; whoever wants nobody told goes on. */
export function Tell() {
  const { t } = useTranslation()
  const may = useMay('owner')
  const kinds = useTargetKinds()
  const targets = useTargets()
  const policies = usePolicies()
  const error = kinds.error ?? targets.error ?? policies.error
  if (!kinds.data || !targets.data || !policies.data) return error ? <Failure error={error} /> : <Skeleton height={240} my="md" />
  const standard = policies.data.items.find((p) => p.is_default)
  const told = targets.data.items.filter((target) => standard?.rules.some((rule) => rule.targets.includes(target.id)))
  return (
    <Stack py="md" maw={560}>
      <Text size="sm">{t('welcome.tell_text')}</Text>
      {told.length > 0 && (
        <Alert color="teal" icon={<IconCheck size={16} />}>
          {t('welcome.told', { names: told.map((target) => target.name).join(', ') })}
        </Alert>
      )}
      {told.length === 0 && may && <FirstTarget kinds={kinds.data.items} standard={standard} />}
      <Text size="sm" c="dimmed">
        {t('welcome.finish_text')}
      </Text>
    </Stack>
  )
}

function FirstTarget({ kinds, standard }: { kinds: Schemas['TargetKind'][]; standard: Schemas['Policy'] | undefined }) {
  const { t } = useTranslation()
  const { draft, change } = useTargetDraft(undefined, kinds)
  const input = toTarget(draft, kinds)
  const save = useChange(
    async (body: Schemas['TargetInput']) => {
      const target = await unwrap(api.POST('/api/v1/targets', { body }))
      const policy = telling(standard, target.id, t('welcome.policy'))
      if (standard) await unwrap(api.PUT('/api/v1/policies/{id}', { params: { path: { id: standard.id } }, body: policy }))
      else await unwrap(api.POST('/api/v1/policies', { body: policy }))
    },
    ['settings', 'targets'],
    ['settings', 'policies'],
  )
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        save.mutate(input)
      }}
    >
      <Stack>
        <TargetFields draft={draft} change={change} kinds={kinds} />
        <TryTarget input={input} />
        <SaveFailure error={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={input.name === ''}>
            {t('welcome.tell')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

// telling is the default policy with one who is told by its first rule.
function telling(standard: Schemas['Policy'] | undefined, target: string, name: string): Schemas['PolicyInput'] {
  const form = fromPolicy(standard)
  const [first = emptyRule(), ...others] = form.rules
  return toPolicy({ ...form, name: standard?.name ?? name, is_default: true, rules: [{ ...first, targets: [...first.targets, target] }, ...others] })
}
