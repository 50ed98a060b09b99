import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NotFound } from '@/pages/not-found/NotFound'
import { arrives } from './arrives'
import { Crashed } from './Crashed'
import { Shell } from './Shell'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

// page is a page whose code is loaded when it is opened.
function page<const P extends string, M extends Record<string, unknown>>(path: P, load: () => Promise<M>, name: keyof M & string) {
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(() => arrives(load), name) })
}

const alerts = page('/alerts', () => import('@/pages/alerts/AlertsPage'), 'AlertsPage')

// told is a part of the alerts.
function told<const P extends string, M extends Record<string, unknown>>(path: P, load: () => Promise<M>, name: keyof M & string) {
  return createRoute({ getParentRoute: () => alerts, path, component: lazyRouteComponent(() => arrives(load), name) })
}

const settings = page('/settings', () => import('@/pages/settings/SettingsPage'), 'SettingsPage')

// part is a part of the settings.
function part<const P extends string, M extends Record<string, unknown>>(path: P, load: () => Promise<M>, name: keyof M & string) {
  return createRoute({ getParentRoute: () => settings, path, component: lazyRouteComponent(() => arrives(load), name) })
}

// Each page is a line here.
const routeTree = root.addChildren([
  page('/', () => import('@/pages/overview/OverviewPage'), 'OverviewPage'),
  page('/welcome', () => import('@/pages/welcome/WelcomePage'), 'WelcomePage'),
  page('/events', () => import('@/pages/events/EventsPage'), 'EventsPage'),
  page('/events/$id', () => import('@/pages/event/EventPage'), 'EventPage'),
  page('/inspections', () => import('@/pages/inspections/InspectionsPage'), 'InspectionsPage'),
  page('/inspections/$id', () => import('@/pages/inspection/InspectionPage'), 'InspectionPage'),
  page('/runs', () => import('@/pages/runs/RunsPage'), 'RunsPage'),
  page('/runs/$id', () => import('@/pages/run/RunPage'), 'RunPage'),
  page('/scripts', () => import('@/pages/scripts/ScriptsPage'), 'ScriptsPage'),
  page('/scripts/$id', () => import('@/pages/scripts/ScriptsPage'), 'ScriptsPage'),
  page('/triggers', () => import('@/pages/triggers/TriggersPage'), 'TriggersPage'),
  page('/triggers/$id', () => import('@/pages/triggers/TriggerPage'), 'TriggerPage'),
  page('/market', () => import('@/pages/market/MarketPage'), 'MarketPage'),
  page('/market/$source/$name', () => import('@/pages/market/PackagePage'), 'PackagePage'),
  page('/variables', () => import('@/pages/variables/VariablesPage'), 'VariablesPage'),
  page('/hosts', () => import('@/pages/hosts/HostsPage'), 'HostsPage'),
  page('/hosts/$host', () => import('@/pages/host/HostPage'), 'HostPage'),
  alerts.addChildren([
    told('/', () => import('@/pages/alerts/Policies'), 'Policies'),
    told('/policies', () => import('@/pages/alerts/Policies'), 'Policies'),
    told('/targets', () => import('@/pages/alerts/Targets'), 'Targets'),
    told('/silences', () => import('@/pages/alerts/Silences'), 'Silences'),
    told('/notices', () => import('@/pages/alerts/Notices'), 'Notices'),
  ]),
  page('/silences/new', () => import('@/pages/alerts/SilenceLink'), 'SilenceLink'),
  settings.addChildren([
    part('/', () => import('@/pages/settings/Landing'), 'Landing'),
    part('/keys', () => import('@/pages/settings/Keys'), 'Keys'),
    part('/members', () => import('@/pages/settings/Members'), 'Members'),
    part('/sources', () => import('@/pages/settings/Sources'), 'Sources'),
    part('/collection', () => import('@/pages/settings/Collection'), 'Collection'),
    part('/general', () => import('@/pages/settings/General'), 'General'),
    part('/users', () => import('@/pages/settings/Users'), 'Users'),
    part('/workspaces', () => import('@/pages/settings/Workspaces'), 'Workspaces'),
    part('/audit', () => import('@/pages/settings/Audit'), 'Audit'),
    part('/password', () => import('@/pages/settings/Password'), 'Password'),
    part('/about', () => import('@/pages/settings/About'), 'About'),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultErrorComponent: Crashed,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
