import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionSource } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { localCompletionSource, pythonLanguage } from '@codemirror/lang-python'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, LanguageSupport, syntaxTree } from '@codemirror/language'
import { lintKeymap, lintGutter } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { complete, type Offered } from './complete'
import { failed } from './failed'

/** python is the language of scripts, without what they are not given. */
export const python = () => new LanguageSupport(pythonLanguage)

/** reading is what shows code; writing adds what changes it. */
export const reading = (): Extension => [
  python(),
  lineNumbers(),
  highlightSpecialChars(),
  bracketMatching(),
  EditorState.tabSize.of(4),
  indentUnit.of('    '),
  keymap.of([...searchKeymap, ...foldKeymap]),
]

/** writing is an editor of scripts: history, brackets, completion of what is offered, checks. Tab indents; Escape, then Tab, leaves. */
export const writing = (offered: () => Offered[]): Extension => [
  reading(),
  history(),
  foldGutter(),
  drawSelection(),
  indentOnInput(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  lintGutter(),
  failed,
  EditorView.lineWrapping,
  autocompletion({ override: [given(offered), localCompletionSource, keywords] }),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
]

const given =
  (offered: () => Offered[]): CompletionSource =>
  (context) => {
    if (isText(context.state, context.pos)) return null
    const line = context.state.doc.lineAt(context.pos)
    const found = complete(line.text.slice(0, context.pos - line.from), context.state.doc.toString(), offered())
    if (!found) return null
    return {
      from: line.from + found.from,
      validFor: /^[\p{L}_][\p{L}\p{N}_]*$/u,
      options: found.choices.map(({ label, kind, detail, doc }) => ({ label, type: kind === 'module' ? 'namespace' : kind === 'function' ? 'function' : 'variable', detail, info: doc || undefined, boost: 1 })),
    }
  }

// What of Python scripts have, as docs/scripts.md says.
const words = ('and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with ' +
  'True False None abs all any bool dict enumerate filter float format int isinstance len list map max min print range repr reversed round set sorted str sum tuple zip').split(' ')

const keywords: CompletionSource = (context) => {
  const before = context.matchBefore(/(?:^|[^.\w])[A-Za-z_]\w*$/)
  if (!before || isText(context.state, context.pos)) return null
  const from = context.pos - /\w*$/.exec(before.text)![0].length
  return { from, validFor: /^\w*$/, options: words.map((label) => ({ label, type: /^[a-z]/.test(label) ? 'keyword' : 'constant', boost: -1 })) }
}

const isText = (state: EditorState, at: number) => /String|Comment/.test(syntaxTree(state).resolveInner(at, -1).name)
