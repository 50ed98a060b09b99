import { AppShell, Burger, Group, NavLink, Anchor, ScrollArea, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell, IconHistory, IconLayoutDashboard, IconRadar2, IconServer2, IconSettings, IconSpeakerphone } from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Logo } from '@/components/Logo'
import { AccountMenu } from './AccountMenu'
import { Connection } from './Connection'

const pages = [
  { to: '/', name: 'overview', icon: IconLayoutDashboard },
  { to: '/events', name: 'events', icon: IconBell },
  { to: '/hosts', name: 'hosts', icon: IconServer2 },
  { to: '/inspections', name: 'inspections', icon: IconRadar2 },
  { to: '/runs', name: 'runs', icon: IconHistory },
  { to: '/alerts', name: 'alerts', icon: IconSpeakerphone },
  { to: '/settings', name: 'settings', icon: IconSettings },
] as const

/** Shell is what surrounds each page: navigation, account, and whether the server answers. */
export function Shell() {
  const { t } = useTranslation()
  const [open, { toggle, close }] = useDisclosure()
  const path = useRouterState({ select: (s) => s.location.pathname })
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !open } }} padding="md">
      <VisuallyHidden>
        <Anchor href="#content">{t('shell.nav.skip')}</Anchor>
      </VisuallyHidden>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('shell.nav.menu')} aria-expanded={open} />
            <Logo />
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('shell.nav.menu')}>
        <ScrollArea>
          {pages.map(({ to, name, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={t(`shell.nav.${name}`)}
              leftSection={<Icon size={18} stroke={1.6} />}
              active={to === '/' ? path === '/' : path.startsWith(to)}
              aria-current={(to === '/' ? path === '/' : path.startsWith(to)) ? 'page' : undefined}
              onClick={close}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Connection />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
