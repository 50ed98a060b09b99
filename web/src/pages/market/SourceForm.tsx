import { Select, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useSavePackageSource, type PackageSource, type PackageSourceInput } from '@/api/packages'
import { Ask } from '@/components/Ask'

const kinds = ['folder', 'git', 'http'] as const

/** SourceForm writes a source of packages; what is signed by another key than its own is refused. */
export function SourceForm({ source, close }: { source?: PackageSource; close: () => void }) {
  const { t } = useTranslation()
  const save = useSavePackageSource(source?.id)
  const form = useForm<Required<PackageSourceInput>>({
    initialValues: {
      name: source?.name ?? '',
      kind: source && source.kind !== 'builtin' ? source.kind : 'http',
      address: source?.address ?? '',
      public_key: source?.public_key ?? '',
    },
  })
  const { name, kind, address, public_key } = form.values
  return (
    <Ask
      title={t(source ? 'market.source.edit' : 'market.source.new')}
      go={t('shell.action.save')}
      busy={save.isPending}
      error={save.error}
      disabled={name.trim() === '' || address.trim() === ''}
      typed={form.isDirty()}
      close={close}
      submit={() => save.mutate({ name: name.trim(), kind, address: address.trim(), public_key: public_key.trim() || undefined }, { onSuccess: close })}
    >
      <TextInput label={t('market.source.name')} required data-autofocus {...form.getInputProps('name')} />
      <Select
        label={t('market.source.kind')}
        data={kinds.map((value) => ({ value, label: t(`market.source.kinds.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('kind')}
      />
      <TextInput label={t('market.source.address')} description={t(`market.source.address_of.${kind}`)} required {...form.getInputProps('address')} />
      <Textarea
        label={t('market.source.key')}
        description={t('market.source.key_text')}
        autosize
        minRows={2}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        {...form.getInputProps('public_key')}
      />
    </Ask>
  )
}
