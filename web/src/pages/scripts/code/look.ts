import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

// Colours of the app, light or dark as the app is; those of code are AA on both backgrounds.
const frame = {
  '&': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--mantine-color-body)', fontSize: 'var(--mantine-font-size-sm)', height: '100%' },
  '&.cm-focused': { outline: 'none' }, // its frame shows it
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { color: 'var(--mantine-color-dimmed)', backgroundColor: 'var(--mantine-color-default)', borderRight: '1px solid var(--mantine-color-default-border)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--mantine-color-default-hover)' },
  '.cm-panels, .cm-tooltip': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--mantine-color-default)', borderColor: 'var(--mantine-color-default-border)' },
  '.cm-tooltip': { border: '1px solid var(--mantine-color-default-border)', borderRadius: 'var(--mantine-radius-sm)', maxWidth: 'min(90vw, 560px)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--mantine-primary-color-contrast)', backgroundColor: 'var(--mantine-primary-color-filled)' },
  '.cm-completionInfo': { whiteSpace: 'pre-wrap' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap' },
  '.cm-failed-line': { backgroundColor: 'var(--mantine-color-red-light)', boxShadow: 'inset 3px 0 var(--mantine-color-red-filled)' },
  '.cm-textfield, .cm-button': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--mantine-color-body)', backgroundImage: 'none', border: '1px solid var(--mantine-color-default-border)', borderRadius: 'var(--mantine-radius-sm)' },
}

const code = (themeType: 'light' | 'dark', c: Record<'keyword' | 'text' | 'number' | 'name' | 'comment' | 'sign', string>) =>
  syntaxHighlighting(
    HighlightStyle.define(
      [
        { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.operatorKeyword], color: c.keyword },
        { tag: [tags.string, tags.special(tags.string)], color: c.text },
        { tag: [tags.number, tags.bool, tags.null], color: c.number },
        { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className), tags.function(tags.variableName)], color: c.name },
        { tag: tags.comment, color: c.comment, fontStyle: 'italic' },
        { tag: tags.meta, color: c.sign },
      ],
      { themeType },
    ),
  )

const light = [EditorView.theme(frame), code('light', { keyword: '#862e9c', text: '#2b6a30', number: '#9c3c05', name: '#1864ab', comment: '#5c636a', sign: '#7a4b00' })]
const dark = [EditorView.theme(frame, { dark: true }), code('dark', { keyword: '#e599f7', text: '#8ce99a', number: '#ffc078', name: '#74c0fc', comment: '#a6a7ab', sign: '#ffd43b' })]

/** look is how code is shown, dark or light. */
export const look = (scheme: 'light' | 'dark'): Extension => (scheme === 'dark' ? dark : light)
