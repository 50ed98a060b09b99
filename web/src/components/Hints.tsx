import { useEffect, useRef, useState } from 'react'
import classes from './Hints.module.css'

const id = 'hint'
const longest = 1000 // characters
const near = 4 // elements around what is pointed at

/** Hints shows what stands in data-hint of what is pointed at, touched or has the focus, or the whole of what is cut off: one for the page, where a
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
      const at = e.target instanceof Element ? e.target : null
      const named = at?.closest('[data-hint]')
      const target = named ?? clipped(at)
      if (target === of.current) return
      hide()
      const text = named ? named.getAttribute('data-hint') : target?.textContent.slice(0, longest)
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

// clipped is the element around one whose text is cut off for want of room.
function clipped(from: Element | null): Element | null {
  let element = from
  for (let i = 0; element && i < near; i++, element = element.parentElement) {
    const wide = element.scrollWidth > element.clientWidth + 1
    if (!wide && element.scrollHeight <= element.clientHeight + 1) continue
    const style = getComputedStyle(element)
    if (wide && style.textOverflow === 'ellipsis') return element
    if (!wide && style.webkitLineClamp !== 'none' && style.webkitLineClamp !== '') return element
  }
  return null
}
