import { describe, expect, it } from 'vitest'
import { lineOf, span } from './place'

describe('what is marked of a line', () => {
  it.each([
    ['the word at the column', '    yield x', 5, 'yield'],
    ['a sign', 'x = (1', 5, '('],
    ['characters, not units', '"🔥" + 名字', 7, '名字'],
    ['a character of two units', 'x🔥', 2, '🔥'],
    ['behind the end: the last', 'abc', 9, 'c'],
    ['before the begin: the first', 'abc def', 0, 'abc'],
    ['nothing of an empty line', '', 1, ''],
  ])('%s', (_, line, column, want) => {
    const { from, to } = span(line, column)
    expect(line.slice(from, to)).toBe(want)
  })
})

describe('the line where a run failed', () => {
  const traceback = 'Traceback (most recent call last):\n  File "ops__own.py", line 9, in run\n    a()\n  File "ops__own.py", line 3, in a\n    b()\n  File "lib__b.py", line 77, in b\n    1/0\nZeroDivisionError: division by zero\n'
  it('is the last call in that file, not that of an imported one', () => expect(lineOf({ traceback, line: 77 }, 'ops__own')).toBe(3))
  it('is what was said where the traceback has none', () => expect(lineOf({ line: 4 }, 'ops__own')).toBe(4))
  it('is unknown where nothing was said', () => expect(lineOf({ line: 0 }, 'ops__own')).toBeUndefined())
})
