// What a person copies so that a collector sends here: the address of this page and a key.

export type Collector = { name: string; lines: (address: string, key: string, token: string) => string }

export const collectors: Collector[] = [
  { name: 'memseep agent', lines: (address, key) => `memseep agent --url ${address} --key ${key}` },
  {
    name: 'Prometheus',
    lines: (address, key) => {
      const [id, secret] = split(key)
      return `remote_write:\n  - url: ${address}/api/v1/write\n    basic_auth:\n      username: ${id}\n      password: ${secret}`
    },
  },
  {
    name: 'vmagent',
    lines: (address, key) => {
      const [id, secret] = split(key)
      return `vmagent -remoteWrite.url=${address}/api/v1/write -remoteWrite.basicAuth.username=${id} -remoteWrite.basicAuth.password=${secret}`
    },
  },
  {
    name: 'OpenTelemetry Collector',
    lines: (address, key) =>
      `exporters:\n  otlphttp/memseep:\n    metrics_endpoint: ${address}/otlp/v1/metrics\n    headers:\n      Authorization: Bearer ${key}`,
  },
  {
    name: 'Telegraf',
    lines: (address, key) => `[[outputs.influxdb_v2]]\n  urls = ["${address}"]\n  token = "${key}"\n  organization = "memseep"\n  bucket = "memseep"`,
  },
  { name: 'DataKit', lines: (address, key, token) => `[dataway]\n  urls = ["${address}?token=${token || key}"]` },
]

function split(key: string): [string, string] {
  const at = key.indexOf(':')
  return [key.slice(0, at), key.slice(at + 1)]
}
