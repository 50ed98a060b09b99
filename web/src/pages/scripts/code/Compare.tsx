import { unifiedMergeView, MergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Group, Stack, Text, useComputedColorScheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Code.module.css'
import { look } from './look'
import { phrases } from './phrases'
import { reading, writing } from './setup'

type Side = { label: string; text: string }
type Props = { before: Side; after: Side; change?: (text: string) => void }

/** Compare shows two texts side by side, one above the other on a phone; where change is given, the second can be written and takes parts of the first. */
export function Compare({ before, after, change }: Props) {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const text = useRef(after.text) // as it is written, when the view is made anew
  const changed = useEffectEvent((next: string) => {
    text.current = next
    change?.(next)
  })
  const writable = change !== undefined

  const take = t('scripts.compare.take')
  useEffect(() => {
    const label = (side: string): Extension => EditorView.contentAttributes.of({ 'aria-label': side, tabindex: '0' })
    const speaks = phrases(t)
    const shown = [speaks, reading(), EditorView.lineWrapping, look(scheme)]
    const fixed = [EditorState.readOnly.of(true), EditorView.editable.of(false)]
    const own = [
      ...(writable ? [speaks, writing(() => []), look(scheme), EditorView.updateListener.of((u) => u.docChanged && changed(u.state.doc.toString()))] : [shown, fixed]),
      label(after.label),
    ]
    const collapse = { margin: 3, minSize: 6 }
    const second = writable ? text.current : after.text
    if (!wide) {
      const view = new EditorView({
        parent: place.current!,
        doc: second,
        extensions: [own, unifiedMergeView({ original: before.text, mergeControls: writable, collapseUnchanged: collapse })],
      })
      return () => view.destroy()
    }
    const view = new MergeView({
      parent: place.current!,
      a: { doc: before.text, extensions: [shown, fixed, label(before.label)] },
      b: { doc: second, extensions: own },
      collapseUnchanged: collapse,
      revertControls: writable ? 'a-to-b' : undefined,
      renderRevertControl: () => {
        const button = document.createElement('button')
        button.type = 'button'
        button.textContent = '→'
        button.title = take
        button.setAttribute('aria-label', take)
        return button
      },
    })
    return () => view.destroy()
  }, [before.text, before.label, after.text, after.label, writable, wide, scheme, take, t])

  return (
    <Stack gap={4}>
      {before.text === after.text && !writable && <Text size="sm">{t('scripts.compare.same')}</Text>}
      <Group grow={wide} gap={wide ? 'xs' : 'md'}>
        {[before, after].map((side) => (
          <Text key={side.label} size="sm" fw={600}>
            {side.label}
          </Text>
        ))}
      </Group>
      <div ref={place} className={classes.compare} data-testid="compare" />
    </Stack>
  )
}
