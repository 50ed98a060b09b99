import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { Parts } from '@/components/Parts'

/** SettingsPage is the frame of the settings that the person may see. */
export function SettingsPage() {
  const { t } = useTranslation()
  const owner = useMay('owner')
  const administrator = useMay('administrator')
  const parts = [
    ...(owner ? (['keys', 'members'] as const) : []),
    ...(['sources', 'collection', 'general'] as const),
    ...(administrator ? (['users', 'workspaces'] as const) : []),
    ...(owner ? (['audit'] as const) : []),
    ...(['password', 'about'] as const),
  ]
  return <Parts title={t('settings.title')} base="/settings" parts={parts.map((name) => ({ name, label: t(`settings.tab.${name}`) }))} />
}
