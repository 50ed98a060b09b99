import { Stack, Tabs, Title } from '@mantine/core'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

const parts = ['policies', 'targets', 'silences', 'notices'] as const

/** AlertsPage is the frame of who is told, where, when not, and what was told. */
export function AlertsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const part = useRouterState({ select: (s) => s.location.pathname.split('/')[2] ?? 'policies' })
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        {t('alerts.title')}
      </Title>
      <Tabs value={part} onChange={(to) => void navigate({ to: `/alerts/${to}` as never })} keepMounted={false}>
        <Tabs.List mb="md">
          {parts.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`alerts.tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part}>
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
