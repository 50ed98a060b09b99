import { setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { Compartment, EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Code.module.css'
import type { Offered } from './complete'
import { setFailed } from './failed'
import { look } from './look'
import { phrases } from './phrases'
import { span, type Wrong } from './place'
import { writing } from './setup'

type Props = {
  label: string
  value: string
  change: (value: string) => void
  readOnly: boolean
  offered: Offered[]
  checked?: { code: string; wrong?: Wrong } // what a check of this code said
  failedLine?: number
  go?: { line: number } // a new object moves the cursor there
  save: () => void
  run: () => void
}

/** Code is the editor of a script. Mod-S saves, Mod-Enter runs. */
export function Code({ label, value, change, readOnly, offered, checked, failedLine, go, save, run }: Props) {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const parts = useRef({ look: new Compartment(), access: new Compartment() })
  const scheme = useComputedColorScheme('light')
  const wrongText = (wrong: Wrong) => (wrong.instead ? `${wrong.message}\n${t('scripts.check.instead', { instead: wrong.instead })}` : wrong.message)

  const access = () => [phrases(t), EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly), EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' })]
  const now = useEffectEvent(() => ({ value, offered, change, save, run, scheme, access: access() }))

  useEffect(() => {
    const { look: looks, access: may } = parts.current
    const begin = now()
    const command = (which: 'save' | 'run') => () => {
      now()[which]()
      return true
    }
    view.current = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: begin.value,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-s', run: command('save'), preventDefault: true }, { key: 'Mod-Enter', run: command('run') }])),
          writing(() => now().offered),
          looks.of(look(begin.scheme)),
          may.of(begin.access),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) now().change(update.state.doc.toString())
          }),
        ],
      }),
    })
    return () => view.current?.destroy()
  }, [])

  useEffect(() => {
    const doc = view.current!.state.doc
    if (value !== doc.toString()) view.current!.dispatch({ changes: { from: 0, to: doc.length, insert: value } })
  }, [value])

  useEffect(() => view.current!.dispatch({ effects: parts.current.look.reconfigure(look(scheme)) }), [scheme])
  const reaccess = useEffectEvent(() => view.current!.dispatch({ effects: parts.current.access.reconfigure(access()) }))
  useEffect(() => reaccess(), [readOnly, label])

  const say = useEffectEvent((wrong: Wrong | undefined) => view.current!.dispatch(setDiagnostics(view.current!.state, wrong ? [diagnostic(view.current!.state, wrong, wrongText(wrong))] : [])))
  useEffect(() => {
    if (checked && checked.code === view.current!.state.doc.toString()) say(checked.wrong)
  }, [checked])

  useEffect(() => view.current!.dispatch({ effects: setFailed.of(failedLine) }), [failedLine])

  useEffect(() => {
    if (!go) return
    const line = view.current!.state.doc.line(Math.min(Math.max(go.line, 1), view.current!.state.doc.lines))
    view.current!.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) })
    view.current!.focus()
  }, [go])

  return <div ref={place} className={classes.code} data-testid="code" />
}

function diagnostic(state: EditorState, wrong: Wrong, message: string): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(wrong.line, 1), state.doc.lines))
  const { from, to } = span(line.text, wrong.column)
  return { from: line.from + from, to: line.from + to, severity: 'error', message }
}
