import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddScript, type ScriptSet } from '@/api/scripts'
import { Ask } from '@/components/Ask'
import { isScriptName } from './tree'

const begin = `import memseep
from guance_monitor__runner import Runner


def high(limit=90):
    events = []
    for host in memseep.hosts():
        values = [value for time, value in memseep.samples(host, hours=1) if value is not None]
        if values and min(values) > limit:
            events.append({
                'title': f'{host}: memory above {limit}% for an hour',
                'message': f'Lowest: **{min(values):.1f}%**',
                'status': 'warning',
                'dimension_tags': {'host': host},
            })
    print(f'{len(events)} hosts above {limit}%')
    return events


def run():
    Runner([high]).run()
`

/** NewScript makes a script in a set, and opens it. */
export function NewScript({ set, close }: { set: ScriptSet; close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [title, setTitle] = useState('')
  const add = useAddScript()
  return (
    <Ask
      title={t('scripts.script.new_in', { name: set.name })}
      go={t('scripts.script.new')}
      busy={add.isPending}
      error={add.error}
      disabled={!isScriptName(name)}
      close={close}
      submit={() =>
        add.mutate(
          { set_id: set.id, name, title, draft: begin },
          {
            onSuccess: (script) => {
              close()
              void navigate({ to: '/scripts/$id', params: { id: script.id } })
            },
          },
        )
      }
    >
      <TextInput
        label={t('scripts.set.name')}
        description={t('scripts.script.name_text', { set: set.name })}
        required
        value={name}
        error={name !== '' && !isScriptName(name) && t('scripts.script.name_wrong')}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
      />
      <TextInput label={t('scripts.set.title')} maxLength={200} value={title} onChange={(e) => setTitle(e.currentTarget.value)} />
    </Ask>
  )
}
