import { describe, expect, it } from 'vitest'
import { readLines } from './lines'

function stream(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(control) {
      for (let at = 0; at < bytes.length; at += size) control.enqueue(bytes.slice(at, at + size))
      control.close()
    },
  })
}

describe('JSON lines', () => {
  it.each([1, 2, 7, 1000])('are whole, in pieces of %d bytes', async (size) => {
    const lines: unknown[] = []
    await readLines(stream('{"a":"你好"}\n\n{"b":2}\n{"c":3}', size), (line) => lines.push(line))
    expect(lines).toEqual([{ a: '你好' }, { b: 2 }, { c: 3 }])
  })
})
