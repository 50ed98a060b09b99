import { useEffect, useRef, useState } from 'react'
import { runDraft, type RunResult } from '@/api/scripts'
import { readArgs } from '@/lib/args'
import { lineOf } from './code/place'
import { print, silent, type Output, type Printed } from './output'

export type RunState = { going: boolean; output: Output; result?: RunResult; failedLine?: number; error?: unknown; stopped?: boolean; cut?: boolean }

const often = 100 // ms between looks of the page at what was printed

/** useRun runs a draft, one run at a time, and holds what came of the last one. */
export function useRun(id: string, file: string) {
  const [state, setState] = useState<RunState>({ going: false, output: silent })
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  async function start(code: string, name: string, args: string) {
    const given = readArgs(args)
    if (given.problem || name === '') return
    abort.current?.abort()
    const control = new AbortController()
    abort.current = control
    setState({ going: true, output: silent })
    const change = (next: (s: RunState) => Partial<RunState>) => {
      if (abort.current === control) setState((s) => ({ ...s, ...next(s) }))
    }
    let waiting: Printed[] = []
    const flush = () => {
      if (waiting.length === 0) return
      const lines = waiting
      waiting = []
      change((s) => ({ output: print(s.output, lines) }))
    }
    const timer = setInterval(flush, often)
    let ended = false
    try {
      await runDraft(
        id,
        { code, function: name, args: given.value },
        (line) => {
          if (line.print) waiting.push(line.print)
          if (line.result) {
            ended = true
            const result = line.result
            change(() => ({ result, failedLine: result.failure && lineOf(result.failure, file) }))
          }
          if (line.problem) {
            ended = true
            change(() => ({ error: new Error(line.problem) }))
          }
        },
        control.signal,
      )
      if (!ended) change(() => ({ cut: true }))
    } catch (error) {
      change(() => (control.signal.aborted ? { stopped: true } : { error }))
    } finally {
      clearInterval(timer)
      flush()
      change(() => ({ going: false }))
    }
  }

  return { state, start, stop: () => abort.current?.abort() }
}
