import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Empty stands where there is nothing yet: what would be here, and what to do next. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Center py="xl" data-empty>
      <Stack align="center" gap="xs" maw={480} ta="center">
        <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
          <IconInbox size={26} stroke={1.5} />
        </ThemeIcon>
        <Title order={3} size="h4">
          {title}
        </Title>
        {text && <Text c="dimmed">{text}</Text>}
        {children}
      </Stack>
    </Center>
  )
}
