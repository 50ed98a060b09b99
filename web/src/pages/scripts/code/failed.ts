import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view'

const mark = Decoration.line({ class: 'cm-failed-line' })

/** setFailed marks the line where a run failed; undefined takes the mark away. */
export const setFailed = StateEffect.define<number | undefined>()

/** failed shows the mark, which goes with its line when the text around it changes. */
export const failed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let next = marks.map(change.changes)
    for (const effect of change.effects) {
      if (!effect.is(setFailed)) continue
      const line = effect.value
      next = line === undefined || line < 1 || line > change.state.doc.lines ? Decoration.none : Decoration.set([mark.range(change.state.doc.line(line).from)])
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})
