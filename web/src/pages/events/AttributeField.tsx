import { TextInput } from '@mantine/core'
import { IconTag } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { add, exclude, isPair, type Filter } from './filter'

/** AttributeField narrows the list to an attribute that is typed, KEY:VALUE, or to all without it where a minus stands before. */
export function AttributeField({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const take = () => {
    const text = typed.trim()
    const without = /^[-!≠]\s*/.exec(text)?.[0]
    const pair = without === undefined ? text : text.slice(without.length)
    if (pair === '') return
    if (!isPair(pair)) return setWrong(true)
    change(without === undefined ? add(filter, pair) : exclude(filter, pair))
    setTyped('')
  }
  return (
    <TextInput
      flex="1 1 200px"
      maw={{ sm: 280 }}
      aria-label={t('events.attribute')}
      placeholder={t('events.attribute')}
      data-hint={t('events.attribute_text')}
      leftSection={<IconTag size={16} />}
      value={typed}
      error={wrong && t('events.attribute_wrong')}
      onChange={(e) => {
        setTyped(e.currentTarget.value)
        setWrong(false)
      }}
      onKeyDown={(e) => e.key === 'Enter' && !e.nativeEvent.isComposing && take()}
    />
  )
}
