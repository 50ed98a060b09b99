import { useTranslation } from 'react-i18next'
import { Parts } from '@/components/Parts'

const parts = ['policies', 'targets', 'silences', 'notices'] as const

/** AlertsPage is the frame of who is told, where, when not, and what was told. */
export function AlertsPage() {
  const { t } = useTranslation()
  return <Parts title={t('alerts.title')} base="/alerts" parts={parts.map((name) => ({ name, label: t(`alerts.tab.${name}`) }))} />
}
