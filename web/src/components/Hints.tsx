import { useEffect, useRef, useState } from 'react'
import classes from './Hints.module.css'

const id = 'hint'

/** Hints shows what stands in data-hint of what is pointed at, touched or has the focus: one for the page, where a
 * tooltip of its own for each cell of a long list would cost more than the list. */
export function Hints() {
  const [hint, setHint] = useState<{ text: string; x: number; y: number; below: boolean }>()
  const of = useRef<Element | null>(null)
  useEffect(() => {
    const hide = () => {
      if (of.current?.getAttribute('aria-describedby') === id) of.current.removeAttribute('aria-describedby')
      of.current = null
      setHint(undefined)
    }
    const look = (e: Event) => {
      const target = e.target instanceof Element ? e.target.closest('[data-hint]') : null
      if (target === of.current) return
      hide()
      const text = target?.getAttribute('data-hint')
      if (!target || !text) return
      const box = target.getBoundingClientRect()
      const below = box.top < 60
      of.current = target
      target.setAttribute('aria-describedby', id)
      setHint({ text, x: Math.min(Math.max(box.left + box.width / 2, 130), innerWidth - 130), y: below ? box.bottom + 6 : box.top - 6, below })
    }
    const touch = (e: PointerEvent) => e.pointerType !== 'mouse' && look(e) // a finger that scrolls ends without it
    const key = (e: KeyboardEvent) => e.key === 'Escape' && hide()
    const listeners = [
      ['mouseover', look],
      ['pointerup', touch],
      ['focusin', look],
      ['focusout', hide],
      ['scroll', hide],
      ['keydown', key],
    ] as [string, EventListener][]
    for (const [name, listener] of listeners) document.addEventListener(name, listener, { capture: true, passive: true })
    return () => {
      for (const [name, listener] of listeners) document.removeEventListener(name, listener, { capture: true })
    }
  }, [])
  if (!hint) return null
  return (
    <div id={id} role="tooltip" className={classes.hint} data-below={hint.below || undefined} style={{ left: hint.x, top: hint.y }}>
      <bdi>{hint.text}</bdi>
    </div>
  )
}
