// A webhook that keeps what it is told.
import { createServer, type Server } from 'node:http'

export async function webhook(): Promise<{ url: string; told: string[]; server: Server }> {
  const told: string[] = []
  const server = createServer((request, answer) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      told.push(body)
      answer.end('thank you')
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return { url: `http://127.0.0.1:${address.port}/hook`, told, server }
}
