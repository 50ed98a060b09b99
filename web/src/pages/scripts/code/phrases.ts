import { EditorState, type Extension } from '@codemirror/state'
import type { TFunction } from 'i18next'

// What the editor says by itself, and our text for it.
const texts = {
  '$ unchanged lines': 'unchanged',
  Completions: 'completions',
  Diagnostics: 'diagnostics',
  'No diagnostics': 'no_diagnostics',
  'on line': 'on_line',
  Find: 'find',
  Replace: 'replace_with',
  all: 'all',
  'by word': 'by_word',
  'match case': 'match_case',
  next: 'next',
  previous: 'previous',
  regexp: 'regexp',
  'replace all': 'replace_all',
  replace: 'replace',
  close: 'close',
  'current match': 'current_match',
  'replaced match on line $': 'replaced_one',
  'replaced $ matches': 'replaced',
  'Go to line': 'go_to_line',
  go: 'go',
  'Fold line': 'fold',
  'Unfold line': 'unfold',
  'Folded lines': 'folded_lines',
  'Unfolded lines': 'unfolded_lines',
  'folded code': 'folded',
  unfold: 'unfold_code',
  to: 'to',
  'Control character': 'control',
  'Selection deleted': 'deleted',
  Accept: 'accept',
  Reject: 'reject',
} as const

/** phrases lets the editor speak the language of the page. */
export const phrases = (t: TFunction): Extension => EditorState.phrases.of(Object.fromEntries(Object.entries(texts).map(([english, key]) => [english, t(`scripts.editor.${key}`)])))
