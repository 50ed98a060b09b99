import { Group, Paper, Stack, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

/** Section is a part of a page with its heading; filled it is as high as what stands beside it. */
export function Section({ title, aside, fill = false, children }: { title: string; aside?: ReactNode; fill?: boolean; children: ReactNode }) {
  const id = useId()
  return (
    <Paper withBorder p="md" radius="md" component="section" h={fill ? '100%' : undefined} aria-labelledby={id}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h5" id={id}>
            {title}
          </Title>
          {aside}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
