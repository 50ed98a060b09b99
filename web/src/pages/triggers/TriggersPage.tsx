import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { usePause, useTriggers } from '@/api/triggers'
import { Heading } from '@/components/Heading'
import { Listed } from '@/components/Listed'
import { PauseAll } from './PauseAll'
import { TriggerRow } from './TriggerRow'

/** TriggersPage lists what runs a function of a script, when, and how it went. */
export function TriggersPage() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const triggers = useTriggers()
  const pause = usePause()
  const columns = (['function', 'schedule', 'state', 'next', 'enabled'] as const).map((column) => t(`triggers.column.${column}`))
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Heading name={t('triggers.title')} />
        <Group gap="xs">
          <PauseAll />
          {may && (
            <Button size="xs" leftSection={<IconPlus size={14} />} component={Link} to="/triggers/new">
              {t('triggers.new')}
            </Button>
          )}
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {t('triggers.text')}
      </Text>
      <Listed
        query={triggers}
        label={t('triggers.title')}
        columns={[...columns, '']}
        empty={{ title: t('triggers.none'), text: t('triggers.none_text') }}
        width={900}
        less={[4]}
        row={(trigger) => <TriggerRow key={trigger.id} trigger={trigger} may={may} paused={pause.data?.paused ?? false} />}
      />
    </Stack>
  )
}
