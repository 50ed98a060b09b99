import { Button, Group, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCheck, useModules, type Script } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Code } from './code/Code'
import { RunPanel } from './RunPanel'
import { useRun } from './useRun'

const pause = 600 // ms without typing until code is checked

type Props = { script: Script; set: string; text: string; change: (text: string) => void; save: () => void }

/** Draft is the editor of a script with what a check says of it, and the panel that runs it. */
export function Draft({ script, set, text, change, save }: Props) {
  const { t } = useTranslation()
  const may = useMay('editor')
  const [settled] = useDebouncedValue(text, pause)
  const check = useCheck(settled, set, script.name, may)
  const modules = useModules()
  const run = useRun(script.id, `${set}__${script.name}`)
  const [line, setLine] = useState<{ line: number }>()
  const [chosen, setChosen] = useState<string>()
  const [args, setArgs] = useState('')
  const [known, setKnown] = useState(script.functions)
  const checked = useMemo(() => (check.data ? { code: check.data.code, wrong: check.data.problem } : undefined), [check.data])
  if (check.data?.ok && check.data.functions !== known) setKnown(check.data.functions) // those of the last code without errors
  const name = known.some((f) => f.name === chosen) ? chosen! : (known[0]?.name ?? '')
  const start = () => void run.start(text, name, args)
  return (
    <Stack gap="sm">
      <Code
        label={t('scripts.script.code', { name: `${set}__${script.name}` })}
        value={text}
        change={change}
        readOnly={!may}
        offered={modules.data?.items ?? []}
        checked={checked}
        failedLine={run.state.failedLine}
        go={line}
        save={save}
        run={start}
      />
      <Group justify="space-between" gap="xs">
        <Checked check={check} text={text} show={(at) => setLine({ line: at })} />
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {t('scripts.script.keys')}
        </Text>
      </Group>
      {may && <RunPanel functions={known} name={name} choose={setChosen} args={args} setArgs={setArgs} run={run} start={start} show={(at) => setLine({ line: at })} />}
    </Stack>
  )
}

// What the check says, also to who cannot see the mark in the code.
function Checked({ check, text, show }: { check: ReturnType<typeof useCheck>; text: string; show: (line: number) => void }) {
  const { t } = useTranslation()
  const wrong = check.data?.problem
  const fresh = check.data?.code === text
  return (
    <Group gap="xs" role="status" mih={26}>
      {check.error && (
        <Text size="sm" c="dimmed">
          {t('scripts.check.failed', { why: check.error.message })}
        </Text>
      )}
      {!check.error && !fresh && check.fetchStatus === 'fetching' && (
        <Text size="sm" c="dimmed">
          {t('scripts.check.going')}
        </Text>
      )}
      {!check.error && fresh && !wrong && check.data?.ok && (
        <Text size="sm" c="dimmed">
          {t('scripts.check.good')}
        </Text>
      )}
      {!check.error && fresh && wrong && (
        <Button size="compact-sm" variant="light" color="red" h="auto" py={4} justify="start" styles={{ label: { whiteSpace: 'normal', textAlign: 'start', fontWeight: 400, color: 'var(--mantine-color-text)' } }} onClick={() => show(wrong.line)}>
          {t('scripts.check.wrong', { line: wrong.line, column: wrong.column, message: wrong.message })}
          {wrong.instead && <br />}
          {wrong.instead && t('scripts.check.instead', { instead: wrong.instead })}
        </Button>
      )}
    </Group>
  )
}
