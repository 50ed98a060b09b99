import { Text } from '@mantine/core'
import { lazy, Suspense } from 'react'

const Rendered = lazy(() => import('./MarkdownText'))

/** Markdown shows what others wrote: formatted, HTML as the text that it is, pictures as links. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} children={text} />}>
      <Rendered text={text} />
    </Suspense>
  )
}
