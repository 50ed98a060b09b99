import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** EditDelete are the buttons of a row that can be changed and deleted, behind others of its own. */
export function EditDelete({ edit, remove, children }: { edit: () => void; remove?: () => void; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Group gap="xs" justify="end" wrap="nowrap">
      {children}
      <Button size="compact-xs" variant="default" onClick={edit}>
        {t('shell.action.edit')}
      </Button>
      {remove && (
        <Button size="compact-xs" variant="default" onClick={remove}>
          {t('shell.action.delete')}
        </Button>
      )}
    </Group>
  )
}
