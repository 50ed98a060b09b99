// Where in a script something is wrong. Lines and columns count from 1, columns in characters.

export type Wrong = { line: number; column: number; message: string; instead?: string }

/** Span is a range of a line, in UTF-16 units from its begin. */
export type Span = { from: number; to: number }

/** span is what to mark of a line: the word that stands at a column, else one character; an empty line has an empty one. */
export function span(line: string, column: number): Span {
  const characters = [...line]
  const at = Math.min(Math.max(column, 1), Math.max(characters.length, 1)) - 1
  const from = characters.slice(0, at).join('').length
  const rest = line.slice(from)
  const word = /^[\p{L}\p{N}_]+/u.exec(rest)?.[0] ?? [...rest][0] ?? ''
  return { from, to: from + word.length }
}

/** lineOf is the line of a script where a run failed: the last call that its traceback has in that file, else the line that was said; undefined where none. */
export function lineOf(failure: { traceback?: string; line?: number }, file: string): number | undefined {
  const calls = [...(failure.traceback ?? '').matchAll(/^ *File "([^"]*)", line (\d+)/gm)]
  const own = calls.filter(([, name]) => name === file || name === `${file}.py`)
  if (own.length > 0) return Number(own.at(-1)![2])
  return failure.line || undefined
}
