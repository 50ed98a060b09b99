import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { zones } from './zone'

/** ZoneSelect chooses the time zone of a policy or a silence. */
export function ZoneSelect({ value, change }: { value: string; change: (zone: string) => void }) {
  const { t } = useTranslation()
  const data = zones.includes(value) ? zones : [value, ...zones]
  return <Select label={t('alerts.zone')} description={t('alerts.zone_text')} data={data} searchable limit={100} allowDeselect={false} value={value} onChange={(zone) => zone && change(zone)} />
}
