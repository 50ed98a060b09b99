import { Alert, Button, Checkbox, Group, PasswordInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { Failure } from '@/components/Failure'
import { useLanguage } from '@/components/useLanguage'
import { absolute, whole } from '@/lib/format'

type Kind = 'none' | 'basic' | 'bearer' | 'keep'
const tenant = 'X-Scope-OrgID'

type Props = { source?: Schemas['Source']; close: () => void; done?: (source: Schemas['Source']) => void }

/** SourceForm writes a source; it can be checked before it is saved. Credentials are never shown again. */
export function SourceForm({ source, close, done }: Props) {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: {
      name: source?.name ?? '',
      url: source?.url ?? '',
      kind: (source && source.credentials !== 'none' ? 'keep' : 'none') as Kind,
      user: '',
      password: '',
      bearer: '',
      tenant: source?.headers?.[tenant] ?? '',
      ca_file: source?.ca_file ?? '',
      insecure: source?.insecure ?? false,
    },
  })
  const input = (): Schemas['SourceInput'] => {
    const v = form.getValues()
    return {
      name: v.name.trim(),
      url: v.url.trim(),
      headers: v.tenant ? { ...source?.headers, [tenant]: v.tenant } : undefined,
      ca_file: v.ca_file || undefined,
      insecure: v.insecure,
      credentials: v.kind === 'keep' ? undefined : v.kind === 'basic' ? { user: v.user, password: v.password } : v.kind === 'bearer' ? { bearer: v.bearer } : {},
    }
  }
  const save = useChange(
    (body: Schemas['SourceInput']) =>
      source ? unwrap(api.PUT('/api/v1/sources/{id}', { params: { path: { id: source.id } }, body })) : unwrap(api.POST('/api/v1/sources', { body })),
    ['settings', 'sources'],
    ['overview'],
  )
  const check = useMutation({
    mutationFn: () =>
      source && form.getValues().kind === 'keep'
        ? unwrap(api.POST('/api/v1/sources/{id}/check', { params: { path: { id: source.id } } }))
        : unwrap(api.POST('/api/v1/sources/check', { body: input() })),
  })
  const kinds: Kind[] = source && source.credentials !== 'none' ? ['keep', 'none', 'basic', 'bearer'] : ['none', 'basic', 'bearer']
  return (
    <Ask
      title={t(source ? 'settings.sources.edit' : 'settings.sources.new')}
      go={t('shell.action.save')}
      busy={save.isPending}
      error={save.error}
      disabled={form.values.name.trim() === '' || form.values.url.trim() === ''}
      typed={form.isDirty()}
      close={close}
      submit={() =>
        save.mutate(input(), {
          onSuccess: (saved) => {
            done?.(saved)
            close()
          },
        })
      }
    >
      <TextInput label={t('settings.sources.name')} required data-autofocus {...form.getInputProps('name')} />
      <TextInput label={t('settings.sources.url')} description={t('settings.sources.url_text')} required {...form.getInputProps('url')} />
      <Select label={t('settings.sources.sign_in')} data={kinds.map((value) => ({ value, label: t(`settings.sources.kind.${value}`) }))} allowDeselect={false} {...form.getInputProps('kind')} />
      {form.values.kind === 'basic' && (
        <Group grow>
          <TextInput label={t('settings.sources.user')} autoComplete="off" {...form.getInputProps('user')} />
          <PasswordInput label={t('settings.sources.password')} autoComplete="off" {...form.getInputProps('password')} />
        </Group>
      )}
      {form.values.kind === 'bearer' && <PasswordInput label={t('settings.sources.bearer')} autoComplete="off" {...form.getInputProps('bearer')} />}
      <TextInput label={t('settings.sources.tenant')} {...form.getInputProps('tenant')} />
      <TextInput label={t('settings.sources.ca_file')} {...form.getInputProps('ca_file')} />
      <Checkbox label={t('settings.sources.insecure')} {...form.getInputProps('insecure', { type: 'checkbox' })} />
      <Group>
        <Button variant="default" size="xs" loading={check.isPending} disabled={form.values.url.trim() === ''} onClick={() => check.mutate()}>
          {t('settings.sources.check')}
        </Button>
      </Group>
      {check.error && <Failure error={check.error} />}
      {check.data && <Checked check={check.data} />}
    </Ask>
  )
}

function Checked({ check }: { check: Schemas['SourceCheck'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (!check.ok) return <Alert color="red">{check.problem}</Alert>
  if (check.hosts === 0 || !check.newest) return <Alert color="yellow">{t('settings.sources.check_none')}</Alert>
  return (
    <Alert color="teal">
      {t('settings.sources.check_ok', { hosts: whole(check.hosts), newest: absolute(new Date(check.newest), language), collectors: check.collectors.join(', ') })}
    </Alert>
  )
}
