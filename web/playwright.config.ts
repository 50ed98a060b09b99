import { existsSync } from 'node:fs'
import { defineConfig, devices } from '@playwright/test'

// Debian's Chromium, as root too; without the flags it asks hosts of its own that tests cannot reach.
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))

// What is run: the tests, or what is named instead (measure, screenshots), which is no test.
const what = process.env.MEMSEEP_E2E ?? '*.spec'

export default defineConfig({
  testDir: 'e2e',
  testMatch: `${what}.ts`,
  globalSetup: what === 'measure' ? undefined : './e2e/servers.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: process.env.CI ? 1 : 0, // a loaded machine: what passes the second time is reported as flaky
  reporter: process.env.CI ? 'line' : 'list',
  use: {
    ...devices['Desktop Chrome'],
    timezoneId: 'UTC',
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
