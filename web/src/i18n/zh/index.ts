import type { Same } from '../same'
import type { en } from '../en'
import { alerts } from './alerts'
import { chart } from './chart'
import { domain } from './domain'
import { event } from './event'
import { events } from './events'
import { host } from './host'
import { hosts } from './hosts'
import { inspection } from './inspection'
import { inspections } from './inspections'
import { market } from './market'
import { overview } from './overview'
import { runs } from './runs'
import { scripts } from './scripts'
import { settings } from './settings'
import { shell } from './shell'
import { triggers } from './triggers'
import { variables } from './variables'
import { welcome } from './welcome'

export const zh: Same<typeof en> = {
  alerts,
  chart,
  domain,
  event,
  events,
  host,
  hosts,
  inspection,
  inspections,
  market,
  overview,
  runs,
  scripts,
  settings,
  shell,
  triggers,
  variables,
  welcome,
}
