import { useSyncExternalStore } from 'react'

// One clock for the page: everything that says "3 min ago" moves on together.
const every = 15_000
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    listeners.forEach((tell) => tell())
  }, every)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** useNow is the present, to a quarter of a minute. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => now))
}
