import { Stack, Tabs, Title } from '@mantine/core'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'

/** SettingsPage is the frame of the settings; each part has an address of its own. */
export function SettingsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const part = useRouterState({ select: (s) => s.location.pathname.split('/')[2] ?? 'keys' })
  const owner = useMay('owner')
  const administrator = useMay('administrator')
  const parts = [
    ...(owner ? (['keys', 'members'] as const) : []),
    ...(['sources', 'collection', 'general'] as const),
    ...(administrator ? (['users', 'workspaces'] as const) : []),
    ...(owner ? (['audit'] as const) : []),
    ...(['password', 'about'] as const),
  ]
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        {t('settings.title')}
      </Title>
      <Tabs value={part} onChange={(to) => void navigate({ to: `/settings/${to}` as never })} keepMounted={false}>
        <Tabs.List mb="md">
          {parts.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`settings.tab.${name}`)}
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
