import { Title, type TitleProps } from '@mantine/core'
import { useEffect } from 'react'

type Props = {
  name: string
  tab?: string // what the tab of the browser is called, where it is not the same
  foreign?: boolean // a name that comes from outside, which may run the other way
} & Omit<TitleProps, 'order' | 'size' | 'children'>

/** Heading is what a page is called: on the page, and on the tab of the browser. */
export function Heading({ name, tab = name, foreign = false, ...others }: Props) {
  useEffect(() => {
    document.title = `${tab.slice(0, 200)} · memseep`
    return () => void (document.title = 'memseep')
  }, [tab])
  return (
    <Title order={1} size="h3" style={{ overflowWrap: 'anywhere' }} {...others}>
      {foreign ? <bdi>{name}</bdi> : name}
    </Title>
  )
}
