import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// In development the pages come from Vite and everything else from a server that is running.
const server = process.env.MEMSEEP_URL ?? 'http://127.0.0.1:8087'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: { proxy: Object.fromEntries(['/api', '/prometheus', '/openapi.json', '/docs'].map((path) => [path, server])) },
})
