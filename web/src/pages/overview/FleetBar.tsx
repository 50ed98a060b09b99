import { Anchor, Box, Group, Progress, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { whole } from '@/lib/format'

const states = ['critical', 'error', 'warning', 'ok', 'no_data'] as const
const colors: Record<(typeof states)[number], string> = { critical: 'red.8', error: 'orange.7', warning: 'yellow.5', ok: 'teal.6', no_data: 'gray.5' }

/** FleetBar is the fleet as one bar, each part a link to its hosts. */
export function FleetBar({ counts }: { counts: Schemas['HostCounts'] }) {
  const { t } = useTranslation()
  const total = Math.max(counts.total, 1)
  return (
    <>
      <Progress.Root size={20} radius="sm">
        {states.map((state) => {
          const count = counts.by_state[state] ?? 0
          const label = `${t(`overview.state.${state}`)} ${whole(count)}`
          return count > 0 ? (
            <Tooltip key={state} label={label}>
              <Progress.Section value={Math.max((100 * count) / total, 1.5)} color={colors[state]} aria-label={label} />
            </Tooltip>
          ) : null
        })}
      </Progress.Root>
      <Group gap="md">
        {states.map((state) => (
          <Anchor key={state} component={Link} to="/hosts" search={{ state: [state] } as never} size="sm" c="inherit">
            <Group gap={6}>
              <Box w={10} h={10} bg={colors[state]} style={{ borderRadius: 3 }} aria-hidden />
              {`${t(`overview.state.${state}`)} ${whole(counts.by_state[state] ?? 0)}`}
            </Group>
          </Anchor>
        ))}
      </Group>
    </>
  )
}
