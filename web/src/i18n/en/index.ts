import { chart } from './chart'
import { domain } from './domain'
import { event } from './event'
import { events } from './events'
import { overview } from './overview'
import { shell } from './shell'

export const en = { chart, domain, event, events, overview, shell }
