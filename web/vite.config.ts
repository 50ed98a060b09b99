import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// In development the pages come from Vite and everything else from a server that is running.
const server = process.env.MEMSEEP_URL ?? 'http://127.0.0.1:8087'

const least = 1024 // bytes, below which compressing is not worth a file

// Each file lies beside itself compressed as far as it goes: the server sends what the browser takes.
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle: {
    order: 'post',
    handler({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => file.startsWith('assets/'))) {
        const path = `${dir}/${name}`
        const text = readFileSync(path)
        if (text.length < least) continue
        writeFileSync(`${path}.br`, brotliCompressSync(text))
        writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
      }
    },
  },
}

export default defineConfig({
  plugins: [react(), compressed],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: { proxy: Object.fromEntries(['/api', '/prometheus', '/openapi.json', '/docs'].map((path) => [path, server])) },
})
