// The real server, twice: with the demo's fleet, and empty. Both end with the tests.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const user = { name: 'admin', password: 'a password for tests' }
const binary = resolve('../bin/memseep')
const patience = 60_000 // ms until a server answers

export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))))
    })
  })
}

function start(args: string[]): ChildProcess {
  return spawn(binary, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, MEMSEEP_ADMIN_PASSWORD: user.password } })
}

async function answers(url: string, server: ChildProcess) {
  const end = Date.now() + patience
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((wake) => setTimeout(wake, 100))
  }
  throw new Error(`${url} does not answer`)
}

export default async function servers() {
  const dir = mkdtempSync(join(tmpdir(), 'memseep-e2e-'))
  const full = `127.0.0.1:${await freePort()}`
  const empty = `127.0.0.1:${await freePort()}`
  const running = [start(['demo', '--listen', full]), start(['serve', '--data', dir, '--listen', empty])]
  process.env.MEMSEEP_E2E_FULL = `http://${full}`
  process.env.MEMSEEP_E2E_EMPTY = `http://${empty}`
  await answers(process.env.MEMSEEP_E2E_FULL, running[0]!)
  await answers(process.env.MEMSEEP_E2E_EMPTY, running[1]!)
  return async () => {
    await Promise.all(
      running.map((server) => new Promise<void>((ended) => (server.exitCode !== null ? ended() : (server.once('exit', () => ended()), server.kill('SIGTERM'))))),
    )
    rmSync(dir, { recursive: true, force: true })
  }
}
