import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { Parts } from '@/components/Parts'

const all = ['keys', 'members', 'sources', 'collection', 'general', 'users', 'workspaces', 'audit', 'password', 'about'] as const
const needs: Partial<Record<(typeof all)[number], 'owner' | 'administrator'>> = { keys: 'owner', members: 'owner', users: 'administrator', workspaces: 'administrator', audit: 'owner' }

/** SettingsPage is the frame of the settings that the person may see. */
export function SettingsPage() {
  const { t } = useTranslation()
  const may = { owner: useMay('owner'), administrator: useMay('administrator') }
  const parts = all.filter((name) => !needs[name] || may[needs[name]])
  return <Parts title={t('settings.title')} base="/settings" needs={needs} parts={parts.map((name) => ({ name, label: t(`settings.tab.${name}`) }))} />
}
