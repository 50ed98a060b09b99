import type { Same } from '../same'
import type { en } from '../en'
import { chart } from './chart'
import { domain } from './domain'
import { event } from './event'
import { events } from './events'
import { host } from './host'
import { hosts } from './hosts'
import { overview } from './overview'
import { runs } from './runs'
import { shell } from './shell'

export const zh: Same<typeof en> = { chart, domain, event, events, host, hosts, overview, runs, shell }
