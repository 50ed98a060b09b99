import { AppShell, Anchor, Badge, Burger, Divider, Group, NavLink, ScrollArea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell, IconBolt, IconBuildingStore, IconCode, IconHistory, IconLayoutDashboard, IconRadar2, IconServer2, IconSettings, IconSpeakerphone, IconVariable } from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Logo } from '@/components/Logo'
import { whole } from '@/lib/format'
import { AccountMenu } from './AccountMenu'
import { Connection } from './Connection'
import { useCritical } from './Critical'
import classes from './Shell.module.css'

const pages = [
  { to: '/', name: 'overview', icon: IconLayoutDashboard },
  { to: '/events', name: 'events', icon: IconBell },
  { to: '/hosts', name: 'hosts', icon: IconServer2 },
  { to: '/inspections', name: 'inspections', icon: IconRadar2 },
  { to: '/runs', name: 'runs', icon: IconHistory },
  { to: '/alerts', name: 'alerts', icon: IconSpeakerphone },
  { to: '/settings', name: 'settings', icon: IconSettings },
] as const

const scripts = [
  { to: '/scripts', name: 'scripts', icon: IconCode },
  { to: '/triggers', name: 'triggers', icon: IconBolt },
  { to: '/market', name: 'market', icon: IconBuildingStore },
  { to: '/variables', name: 'variables', icon: IconVariable },
] as const

/** Shell is what surrounds each page: navigation, account, and whether the server answers. */
export function Shell() {
  const { t } = useTranslation()
  const [open, { toggle, close }] = useDisclosure()
  const critical = useCritical()
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !open } }} padding="md">
      <Anchor href="#content" className={`${classes.skip} no-print`}>
        {t('shell.nav.skip')}
      </Anchor>
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
          {pages.map((page) => (
            <PageLink key={page.to} {...page} close={close} critical={page.to === '/events' ? critical : 0} />
          ))}
          <Divider my="xs" label={t('shell.nav.scripting')} labelPosition="left" />
          {scripts.map((page) => (
            <PageLink key={page.to} {...page} close={close} />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Connection />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function PageLink({ to, name, icon: Icon, close, critical = 0 }: (typeof pages | typeof scripts)[number] & { close: () => void; critical?: number }) {
  const { t } = useTranslation()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const here = to === '/' ? path === '/' : path.startsWith(to)
  return (
    <NavLink
      component={Link}
      to={to}
      label={t(`shell.nav.${name}`)}
      leftSection={<Icon size={18} stroke={1.6} />}
      rightSection={
        critical > 0 && (
          <Badge size="sm" color="red.9" aria-label={t('shell.nav.critical', { count: critical })}>
            {whole(critical)}
          </Badge>
        )
      }
      active={here}
      aria-current={here ? 'page' : undefined}
      onClick={close}
    />
  )
}
