import { Button, Group, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** Unsaved asks before a page is left on which something is not saved. */
export function Unsaved({ there }: { there: () => boolean }) {
  const { t } = useTranslation()
  const blocked = useBlocker({ shouldBlockFn: there, enableBeforeUnload: there, withResolver: true })
  return (
    <Modal opened={blocked.status === 'blocked'} onClose={() => blocked.reset?.()} title={t('inspection.unsaved')} centered>
      <Group justify="end">
        <Button variant="default" onClick={() => blocked.proceed?.()}>
          {t('inspection.leave')}
        </Button>
        <Button onClick={() => blocked.reset?.()}>{t('inspection.stay')}</Button>
      </Group>
    </Modal>
  )
}
