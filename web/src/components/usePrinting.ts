import { useSyncExternalStore } from 'react'
import { flushSync } from 'react-dom'

// Paper is white and narrower than the page: while it is printed, colours are light and charts are drawn for it.
const scheme = 'data-mantine-color-scheme'
let printing = false
let before: string | null = null
const listeners = new Set<() => void>()

function set(next: boolean) {
  if (next === printing) return
  printing = next
  const root = document.documentElement
  if (next) {
    before = root.getAttribute(scheme)
    root.setAttribute(scheme, 'light')
  } else if (before) root.setAttribute(scheme, before)
  flushSync(() => listeners.forEach((tell) => tell()))
}

window.addEventListener('beforeprint', () => set(true))
window.addEventListener('afterprint', () => set(false))

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** paperWidth is how wide a chart is on paper: A4 and Letter have room for it. */
export const paperWidth = 660 // px

/** usePrinting is true while the page is put on paper. */
export const usePrinting = () => useSyncExternalStore(subscribe, () => printing)
