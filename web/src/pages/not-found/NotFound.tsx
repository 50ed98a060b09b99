import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '@/components/Empty'

/** NotFound stands at an address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation()
  return (
    <Empty title={t('shell.state.not_found')} text={t('shell.state.not_found_text')}>
      <Button component={Link} to="/" variant="default">
        {t('shell.state.home')}
      </Button>
    </Empty>
  )
}
