import { Skeleton, Stack } from '@mantine/core'

/** TableWaiting stands where a table will be: its head and a few rows. */
export function TableWaiting({ rows = 3 }: { rows?: number }) {
  return (
    <Stack gap={14} py={8} aria-busy>
      <Skeleton height={16} width="100%" />
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={28} />
      ))}
    </Stack>
  )
}
