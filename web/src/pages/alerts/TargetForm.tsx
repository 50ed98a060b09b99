import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSaveTarget } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { toTarget, useTargetDraft } from './target'
import { TargetFields } from './TargetFields'
import { Templates } from './Templates'
import { TryTarget } from './TryTarget'

type Props = { target?: Schemas['Target']; kinds: Schemas['TargetKind'][]; close: () => void }

/** TargetForm writes a target by the fields of its kind; a test message shows the real answer. */
export function TargetForm({ target, kinds, close }: Props) {
  const { t } = useTranslation()
  const { draft, change } = useTargetDraft(target, kinds)
  const [own, setOwn] = useState(false) // texts of its own are open
  const input = toTarget(draft, kinds, target?.enabled)
  const save = useSaveTarget(target?.id)
  return (
    <Ask
      title={t(target ? 'alerts.target.edit' : 'alerts.target.new')}
      go={t('shell.action.save')}
      size="lg"
      busy={save.isPending}
      error={save.error}
      disabled={input.name === ''}
      close={close}
      submit={() => save.mutate(input, { onSuccess: close })}
    >
      <TargetFields draft={draft} change={change} kinds={kinds} target={target} />
      <Group>
        <Button variant="subtle" size="compact-sm" aria-expanded={own} onClick={() => setOwn(!own)}>
          {t('alerts.target.templates')}
        </Button>
      </Group>
      {own && <Templates draft={draft} change={change} />}
      <TryTarget input={input} id={target?.id} />
    </Ask>
  )
}
