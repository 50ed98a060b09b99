import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from './Empty'

/** NoData stands where nothing can be known, since nothing has been connected yet. */
export function NoData() {
  const { t } = useTranslation()
  return (
    <Empty title={t('overview.empty')} text={t('overview.empty_text')}>
      <Button component={Link} to="/welcome">
        {t('overview.begin')}
      </Button>
    </Empty>
  )
}
