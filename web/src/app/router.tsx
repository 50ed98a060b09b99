import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NotFound } from '@/pages/not-found/NotFound'
import { Crashed } from './Crashed'
import { Shell } from './Shell'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

// A page is a line here; its code is loaded when it is opened.
const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('@/pages/overview/OverviewPage'), 'OverviewPage') }),
  createRoute({ getParentRoute: () => root, path: '/events/$id', component: lazyRouteComponent(() => import('@/pages/event/EventPage'), 'EventPage') }),
  createRoute({ getParentRoute: () => root, path: '/events', component: lazyRouteComponent(() => import('@/pages/events/EventsPage'), 'EventsPage') }),
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
