/** readLines gives each line of a stream of JSON lines as soon as it is whole. */
export async function readLines<T>(stream: ReadableStream<Uint8Array>, tell: (line: T) => void): Promise<void> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    rest += decoder.decode(value, { stream: !done })
    const lines = rest.split('\n')
    rest = done ? '' : lines.pop()!
    for (const line of lines) if (line.trim() !== '') tell(JSON.parse(line) as T)
    if (done) return
  }
}
