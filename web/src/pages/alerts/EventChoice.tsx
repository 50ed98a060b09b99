import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEvents } from '@/api/events'

const newest = { sort: 'opened' } as const
const most = 50

/** useEventChoice is which of the newest events something is shown on: the newest, until another is chosen. */
export function useEventChoice() {
  const events = useEvents(newest)
  const items = events.data?.pages[0]?.items.slice(0, most) ?? []
  const [chosen, choose] = useState<string>()
  return { items, event: chosen ?? items[0]?.id, choose, none: events.data !== undefined && items.length === 0 }
}

/** EventChoice chooses one of them. */
export function EventChoice({ items, event, choose }: Pick<ReturnType<typeof useEventChoice>, 'items' | 'event' | 'choose'>) {
  const { t } = useTranslation()
  return <Select label={t('alerts.preview.event')} data={items.map((e) => ({ value: e.id, label: e.title.slice(0, 120) }))} value={event ?? null} allowDeselect={false} searchable onChange={(id) => id && choose(id)} />
}
