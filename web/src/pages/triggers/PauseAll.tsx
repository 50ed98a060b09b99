import { Alert, Button, Group, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { usePause, usePauseAll, useResumeAll } from '@/api/triggers'
import { useLanguage } from '@/components/useLanguage'
import { absolute, duration } from '@/lib/format'

const spans = [15 * 60, 3600, 4 * 3600, 24 * 3600] // seconds

/** PauseAll holds all schedules of the instance for a while; whoever may not sees that they are held. */
export function PauseAll() {
  const { t } = useTranslation()
  const language = useLanguage()
  const may = useMay('administrator')
  const pause = usePause()
  const hold = usePauseAll()
  const resume = useResumeAll()
  const failed = { onError: (error: Error) => notifications.show({ color: 'red', message: error.message }) }
  if (pause.data?.paused && pause.data.until) {
    return (
      <Alert color="yellow" py={4} px="sm">
        <Group gap="xs">
          {t('triggers.pause.until', { time: absolute(new Date(pause.data.until), language), name: pause.data.by ?? '' })}
          {may && (
            <Button size="compact-xs" variant="default" leftSection={<IconPlayerPlay size={12} />} loading={resume.isPending} onClick={() => resume.mutate(undefined, failed)}>
              {t('triggers.pause.resume')}
            </Button>
          )}
        </Group>
      </Alert>
    )
  }
  if (!may) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconPlayerPause size={14} />} loading={hold.isPending}>
          {t('triggers.pause.all')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('triggers.pause.text')}</Menu.Label>
        {spans.map((seconds) => (
          <Menu.Item key={seconds} onClick={() => hold.mutate(seconds, failed)}>
            {t('triggers.pause.for', { duration: duration(seconds, language) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
