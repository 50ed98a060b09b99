import { useEffect } from 'react'
import { useEventCounts } from '@/api/events'
import { whole } from '@/lib/format'

const open = { status: 'open', level: ['critical'] } as const

/** useCritical counts the open events that are critical, and puts them on the icon of the tab. */
export function useCritical(): number {
  const count = useEventCounts({ ...open, level: [...open.level] }).data?.total ?? 0
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (link) link.href = count > 0 ? `data:image/svg+xml,${encodeURIComponent(drawn(count))}` : '/favicon.svg'
  }, [count])
  return count
}

// drawn is the icon with a number in the corner.
const drawn = (count: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b7285"/><path d="M5 18 L12 12 L17 14 L24 5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/><rect x="8" y="13" width="24" height="19" rx="6" fill="#c92a2a"/><text x="20" y="28" font-family="sans-serif" font-size="16" font-weight="700" text-anchor="middle" fill="#fff">${count > 99 ? '99+' : whole(count)}</text></svg>`
