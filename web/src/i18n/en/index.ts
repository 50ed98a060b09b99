import { chart } from './chart'
import { domain } from './domain'
import { event } from './event'
import { events } from './events'
import { host } from './host'
import { hosts } from './hosts'
import { inspection } from './inspection'
import { inspections } from './inspections'
import { overview } from './overview'
import { runs } from './runs'
import { settings } from './settings'
import { shell } from './shell'

export const en = { chart, domain, event, events, host, hosts, inspection, inspections, overview, runs, settings, shell }
