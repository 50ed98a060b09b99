import { Pill } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** FilterPart is a part of a filter that was added by a link or from a row; it can be taken away. */
export function FilterPart({ text, remove }: { text: string; remove: () => void }) {
  const { t } = useTranslation()
  return (
    <Pill size="md" withRemoveButton onRemove={remove} removeButtonProps={{ 'aria-hidden': false, 'aria-label': t('events.remove', { attribute: text.slice(0, 80) }), tabIndex: 0 }} maw={360} bg="var(--mantine-color-default)" bd="1px solid var(--mantine-color-default-border)">
      <bdi>{text.slice(0, 300)}</bdi>
    </Pill>
  )
}
