import { Anchor, Skeleton, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { Failure } from '@/components/Failure'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { absolute } from '@/lib/format'

/** About says which server this is. */
export function About() {
  const { t } = useTranslation()
  const language = useLanguage()
  const about = useQuery({ queryKey: ['settings', 'about'], queryFn: () => unwrap(api.GET('/api/v1/about')) })
  if (about.error && !about.data) return <Failure error={about.error} retry={() => void about.refetch()} />
  if (!about.data) return <Skeleton height={160} />
  const a = about.data
  const rows: [string, React.ReactNode][] = [
    [t('settings.about.version'), a.version],
    [t('settings.about.go'), a.go_version],
    [t('settings.about.started'), <When key="started" at={a.started_at} />],
    [t('settings.about.clock'), absolute(new Date(a.now), language)],
    [t('settings.about.state'), a.state === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
    [t('settings.about.store'), t(`settings.about.${a.store}`)],
    [t('settings.about.agent'), t(a.agent ? 'settings.about.on' : 'settings.about.off')],
    [t('settings.about.api'), <Anchor key="api" inherit href="/openapi.json" children="/openapi.json" />],
    [t('settings.about.docs'), <Anchor key="docs" inherit href="/docs" children="/docs" />],
  ]
  return (
    <Table maw={640} aria-label={t('settings.tab.about')}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w={220}>
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
