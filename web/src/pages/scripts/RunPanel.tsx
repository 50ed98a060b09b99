import { Alert, Badge, Button, Code, Group, List, Loader, ScrollArea, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RunResult, ScriptFunction } from '@/api/scripts'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { bytes, duration, whole } from '@/lib/format'
import { readArgs } from '@/lib/args'
import { since, type Output } from './output'
import type { useRun } from './useRun'

type Props = {
  functions: ScriptFunction[]
  name: string
  choose: (name: string) => void
  args: string
  setArgs: (args: string) => void
  run: ReturnType<typeof useRun>
  start: () => void
  show: (line: number) => void // in the editor
}

/** RunPanel runs a function of what stands in the editor: prints as they come, then what came of it. */
export function RunPanel({ functions, name, choose, args, setArgs, run, start, show }: Props) {
  const { t } = useTranslation()
  const { going, output, result, failedLine, error, stopped, cut } = run.state
  const { problem } = readArgs(args)
  const chosen = functions.find((f) => f.name === name)
  return (
    <Section
      title={t('scripts.run.title')}
      aside={
        going ? (
          <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} />} onClick={run.stop}>
            {t('scripts.run.stop')}
          </Button>
        ) : (
          <Button size="xs" variant="light" leftSection={<IconPlayerPlay size={14} />} disabled={name === '' || problem !== undefined} onClick={start}>
            {t('scripts.run.go')}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {t('scripts.run.text')}
      </Text>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Select
          label={t('scripts.run.function')}
          description={chosen && chosen.parameters.length > 0 ? t('scripts.run.takes', { parameters: chosen.parameters.join(', ') }) : undefined}
          data={functions.map((f) => ({ value: f.name, label: f.title ? `${f.name} · ${f.title}` : f.name }))}
          value={name || null}
          error={functions.length === 0 && t('scripts.run.no_function')}
          allowDeselect={false}
          onChange={(f) => f && choose(f)}
          miw={200}
        />
        <Textarea
          label={t('scripts.run.args')}
          description={t('scripts.run.args_text')}
          autosize
          minRows={1}
          maxRows={8}
          value={args}
          error={problem && t(`scripts.run.args_${problem}`)}
          onChange={(e) => setArgs(e.currentTarget.value)}
          miw={240}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      </Group>
      <Group gap="xs" role="status" mih={20}>
        {going && (
          <>
            <Loader size="xs" aria-hidden />
            <Text size="sm">{t('scripts.run.going')}</Text>
          </>
        )}
        {stopped && <Text size="sm">{t('scripts.run.stopped')}</Text>}
        {result && !result.failure && <Text size="sm">{t('scripts.run.done')}</Text>}
      </Group>
      {(going || result || output.lines.length > 0) && <Prints output={output} going={going} />}
      {error !== undefined && <Failure error={error} />}
      {cut && <Alert color="orange" children={t('scripts.run.ended')} role="alert" />}
      {result?.failure && (
        <Alert color="red" title={t('scripts.run.failed')} role="alert">
          <Stack gap="xs" align="flex-start">
            <Code block w="100%" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {result.failure.traceback || result.failure.message}
            </Code>
            {failedLine !== undefined && (
              <Button size="compact-sm" variant="default" onClick={() => show(failedLine)}>
                {t('scripts.run.line', { line: failedLine })}
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      {result && <Came result={result} />}
    </Section>
  )
}

function Prints({ output, going }: { output: Output; going: boolean }) {
  const { t } = useTranslation()
  const first = output.lines[0]?.at
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t('scripts.run.prints')}
      </Text>
      {output.dropped > 0 && (
        <Text size="xs" c="dimmed">
          {t('scripts.run.earlier', { count: output.dropped })}
        </Text>
      )}
      {output.lines.length === 0 && !going && (
        <Text size="sm" c="dimmed">
          {t('scripts.run.quiet')}
        </Text>
      )}
      {output.lines.length > 0 && (
        <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': t('scripts.run.prints') }}>
          <Text component="pre" size="xs" ff="monospace" m={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {output.lines.map((line, i) => (
              <div key={output.dropped + i}>
                <Text span inherit c="dimmed">{`${since(first, line.at)}  `}</Text>
                <bdi>{line.text}</bdi>
              </div>
            ))}
          </Text>
        </ScrollArea.Autosize>
      )}
    </Stack>
  )
}

function Came({ result: r }: { result: RunResult }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const facts: [string, string][] = [
    [t('scripts.run.time'), duration(r.elapsed_ms / 1000, language)],
    [t('scripts.run.cpu'), duration(r.cpu_ms / 1000, language)],
    [t('scripts.run.memory'), bytes(r.peak_bytes)],
    [t('scripts.run.hosts'), whole(r.findings.hosts)],
    [t('scripts.run.leaks'), whole(r.findings.leaks)],
    [t('scripts.run.events'), whole(r.event_count)],
  ]
  return (
    <Stack gap="xs">
      <Group gap="lg">
        {facts.map(([name, value]) => (
          <Text key={name} size="sm" component="div">
            <Text span inherit c="dimmed">{`${name} `}</Text>
            {value}
          </Text>
        ))}
      </Group>
      {r.registered.length > 0 && (
        <Text size="sm">{t('scripts.run.registers', { names: r.registered.map((g) => g.title || g.function).join(', ') })}</Text>
      )}
      {r.findings.leaking.length > 0 && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {t('scripts.run.leaking', { names: r.findings.leaking.join(', ') })}
        </Text>
      )}
      {r.events.length > 0 && (
        <List size="sm" listStyleType="none" spacing={4} aria-label={t('scripts.run.events')}>
          {r.events.map((event, i) => (
            <List.Item key={i}>
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Badge size="sm" variant="default" tt="none" miw="max-content">
                  {t(`scripts.level.${event.level}`)}
                </Badge>
                <div>
                  <bdi>{event.title}</bdi>
                  {event.message && (
                    <Text size="xs" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                      {event.message}
                    </Text>
                  )}
                </div>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
      {r.value !== undefined && r.value !== null && (
        <>
          <Text size="sm" fw={600}>
            {t('scripts.run.returned')}
          </Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 320 }} tabIndex={0} data-testid="returned">
            {JSON.stringify(r.value, null, 2)}
          </Code>
        </>
      )}
    </Stack>
  )
}
