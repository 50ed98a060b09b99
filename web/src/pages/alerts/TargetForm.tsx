import { Button, Checkbox, Group } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSaveTarget, type Edited } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { toTarget, useTargetDraft } from './target'
import { TargetFields } from './TargetFields'
import { Templates } from './Templates'
import { TryTarget } from './TryTarget'

type Props = { edited?: Edited<Schemas['Target']>; reload: () => void; kinds: Schemas['TargetKind'][]; close: () => void }

/** TargetForm writes a target by the fields of its kind; a test message shows the real answer. */
export function TargetForm({ edited, reload, kinds, close }: Props) {
  const { t } = useTranslation()
  const target = edited?.data
  const { draft, change, typed } = useTargetDraft(target, kinds)
  const [own, setOwn] = useState(false) // texts of its own are open
  const input = toTarget(draft, kinds, target?.enabled)
  const save = useSaveTarget(edited && { id: edited.data.id, version: edited.version })
  return (
    <Ask
      title={t(target ? 'alerts.target.edit' : 'alerts.target.new')}
      go={t('shell.action.save')}
      size="lg"
      busy={save.isPending}
      error={save.error}
      disabled={input.name === ''}
      typed={typed}
      reload={reload}
      close={close}
      submit={() => save.mutate(input, { onSuccess: close })}
    >
      <TargetFields draft={draft} change={change} kinds={kinds} target={target} />
      {target && target.secrets_set.length > 0 && (
        <Checkbox label={t('alerts.target.forget')} description={t('alerts.target.forget_text')} checked={draft.forget} onChange={(e) => change({ forget: e.currentTarget.checked })} />
      )}
      <Group>
        <Button variant="subtle" size="compact-sm" leftSection={own ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />} aria-expanded={own} onClick={() => setOwn(!own)}>
          {t('alerts.target.templates')}
        </Button>
      </Group>
      {own && <Templates draft={draft} change={change} />}
      <TryTarget input={input} id={target?.id} />
    </Ask>
  )
}
