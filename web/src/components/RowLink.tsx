import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'
import classes from './Cells.module.css'

/** RowLink is a link in a row of a long list: it does not follow where the page is, as other links do, and so costs nothing. */
export function RowLink({ to, className = classes.link, name, children }: { to: string; className?: string; name?: string; children: ReactNode }) {
  const router = useRouter()
  const go = (e: MouseEvent) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
    e.preventDefault()
    router.history.push(to)
  }
  return (
    <a href={to} className={className} onClick={go} aria-label={name} data-hint={name}>
      {children}
    </a>
  )
}
