import { Alert, Button, Group, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/client'
import { fieldsAt } from '@/lib/location'
import { Failure } from './Failure'
import classes from './SaveFailure.module.css'

type Props = { error: Error | null; conflict?: string; reload?: () => void }

/**
 * SaveFailure says why something was not saved, in sight wherever a long form stands; the field that the server
 * names gets the focus. Where somebody else was faster, what they saved can be loaded.
 */
export function SaveFailure({ error, conflict, reload }: Props) {
  const { t } = useTranslation()
  const here = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!error || !here.current) return
    here.current.scrollIntoView({ block: 'nearest' })
    const field = named(here.current, error)
    field?.scrollIntoView({ block: 'center' })
    field?.focus({ preventScroll: true })
  }, [error])
  if (!error) return null
  const faster = reload !== undefined && error instanceof Problem && error.status === 412
  return (
    <div ref={here} className={classes.failure}>
      {!faster && <Failure error={error} />}
      {faster && (
        <Alert color="orange" role="alert" title={conflict ?? t('shell.state.conflict')}>
          <Group justify="space-between">
            <Text size="sm" flex="1 1 200px">
              {error.message}
            </Text>
            <Button size="xs" variant="default" onClick={reload}>
              {t('inspection.reload')}
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  )
}

// named is the field of the form that the server names.
function named(alert: HTMLElement, error: Error): HTMLElement | null {
  const form = alert.closest('form')
  if (!form || !(error instanceof Problem)) return null
  for (const { location } of error.errors) {
    for (const name of fieldsAt(location ?? '')) {
      const field = form.querySelector<HTMLElement>(`[data-path="${CSS.escape(name)}"]`)
      if (field) return field
    }
  }
  return null
}
