import { Code } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Section } from '@/components/Section'

/** Outcome is what a script's function came to: its traceback, or what it returned. */
export function Outcome({ run }: { run: Schemas['RunWithLog'] }) {
  const { t } = useTranslation()
  return (
    <>
      {run.traceback && (
        <Section title={t('runs.traceback')}>
          <Code block tabIndex={0} mah={400} style={shown}>
            {run.traceback}
          </Code>
        </Section>
      )}
      {run.result !== undefined && run.result !== null && (
        <Section title={t('runs.result')}>
          <Code block tabIndex={0} mah={400} style={shown}>
            {JSON.stringify(run.result, null, 2)}
          </Code>
        </Section>
      )}
    </>
  )
}

const shown = { overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } as const
