import { CloseButton, TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

const typing = 300 // ms until what is typed is looked for

type Props = Omit<TextInputProps, 'value' | 'onChange'> & { label: string; value: string; look: (text: string) => void }

/** Search is a field whose text lies in the address: it is looked for while it is typed. */
export function Search({ label, value, look, ...others }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string>() // while the field has the focus
  const text = typed ?? value
  const later = useDebouncedCallback(look, typing)
  return (
    <TextInput
      flex="1 1 200px"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      value={text}
      onChange={(e) => {
        setTyped(e.currentTarget.value)
        later(e.currentTarget.value)
      }}
      onBlur={() => {
        later.flush()
        setTyped(undefined)
      }}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={t('shell.action.clear')} onClick={() => (setTyped(undefined), later.cancel(), look(''))} />}
      {...others}
    />
  )
}
