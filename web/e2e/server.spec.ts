// What the app does when the server does not: it waits, loses nothing, and comes back.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort, user } from './servers'
import { expect, full, signIn, test } from './studio'

test('a page that is open comes back after a restart and keeps what was typed', async ({ page, complaints }) => {
  test.setTimeout(120_000)
  const dir = mkdtempSync(join(tmpdir(), 'memseep-e2e-'))
  const listen = `127.0.0.1:${await freePort()}`
  const address = `http://${listen}`
  const start = () =>
    spawn(resolve('../bin/memseep'), ['serve', '--data', dir, '--listen', listen, '--no-agent'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, MEMSEEP_ADMIN_PASSWORD: user.password },
    })
  const up = () => expect(async () => expect((await page.request.get(`${address}/readyz`)).ok()).toBe(true)).toPass({ timeout: 60_000 })
  const end = (server: ChildProcess) => new Promise<void>((ended) => (server.once('exit', () => ended()), server.kill('SIGTERM')))
  let server = start()
  try {
    await up()
    await signIn(page, address, 'en', '/inspections/new')
    await page.getByLabel('Name').fill('typed before the restart')
    await end(server)
    await expect(page.getByText('The server does not answer.', { exact: false })).toBeVisible()
    server = start()
    await up()
    await expect(page.getByText('The server does not answer.', { exact: false })).toHaveCount(0, { timeout: 40_000 })
    await expect(page.getByLabel('Name')).toHaveValue('typed before the restart')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page).toHaveURL(/\/inspections\/[0-9A-Z]{26}$/)

    // A page that was never opened is waited for; the one that is open stays meanwhile.
    await end(server)
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await expect(page.getByText('The server does not answer.', { exact: false }).first()).toBeVisible()
    await expect(page.getByLabel('Name')).toHaveValue('typed before the restart')
    server = start()
    await up()
    await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible({ timeout: 40_000 })
  } finally {
    await end(server)
    rmSync(dir, { recursive: true, force: true })
  }
  complaints.length = 0 // the browser logs each connection that was refused
})

test('scripts come from files alone', async ({ page }) => {
  const answer = await page.request.get(full())
  const policy = answer.headers()['content-security-policy'] ?? ''
  const scripts = policy.split(';').find((part) => part.trim().startsWith('script-src')) ?? policy
  expect(policy).toMatch(/default-src '(none|self)'/)
  expect(scripts).not.toContain('unsafe-inline')
  expect(scripts).not.toContain('unsafe-eval')
})
