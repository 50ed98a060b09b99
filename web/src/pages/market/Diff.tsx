import { Code, Text } from '@mantine/core'

const colors: Record<string, string> = { '+': 'var(--mantine-color-teal-light)', '-': 'var(--mantine-color-red-light)' }

/** Diff shows a unified diff: a line's first character says what becomes of it, its colour too. */
export function Diff({ text }: { text: string }) {
  const lines = text.replace(/\n$/, '').split('\n')
  return (
    <Code block tabIndex={0} mah={420} style={{ overflow: 'auto' }}>
      {lines.map((line, i) => (
        <Text key={i} span inherit display="block" style={{ whiteSpace: 'pre', minWidth: 'max-content' }} bg={/^(---|\+\+\+) /.test(line) ? undefined : colors[line[0] ?? '']}>
          {line || ' '}
        </Text>
      ))}
    </Code>
  )
}
