import { Checkbox, Stack, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExport, type ScriptSet } from '@/api/scripts'
import { Ask } from '@/components/Ask'

/** ExportScripts writes sets, and what belongs to them, into a file. */
export function ExportScripts({ sets, close }: { sets: ScriptSet[]; close: () => void }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(sets.map((s) => s.id))
  const [triggers, setTriggers] = useState(true)
  const [variables, setVariables] = useState(true)
  const make = useExport()
  return (
    <Ask
      title={t('scripts.exported.title')}
      text={t('scripts.exported.text')}
      go={t('scripts.exported.go')}
      busy={make.isPending}
      error={make.error}
      disabled={chosen.length === 0}
      close={close}
      submit={() =>
        make.mutate(
          { sets: chosen, triggers, variables },
          {
            onSuccess: (file) => {
              give(file)
              close()
            },
          },
        )
      }
    >
      <Checkbox.Group label={t('scripts.exported.sets')} value={chosen} onChange={setChosen}>
        <Stack gap="xs" mt="xs">
          {sets.map((s) => (
            <Checkbox
              key={s.id}
              value={s.id}
              label={
                <Text span inherit>
                  <bdi>{s.title ? `${s.name} · ${s.title}` : s.name}</bdi>
                </Text>
              }
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Switch label={t('scripts.exported.triggers')} checked={triggers} onChange={(e) => setTriggers(e.currentTarget.checked)} />
      <Switch label={t('scripts.exported.variables')} checked={variables} onChange={(e) => setVariables(e.currentTarget.checked)} />
    </Ask>
  )
}

// give lets the browser save a file.
function give(file: unknown) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'scripts.json'
  link.click()
  URL.revokeObjectURL(address)
}
