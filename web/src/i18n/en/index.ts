import { chart } from './chart'
import { domain } from './domain'
import { events } from './events'
import { shell } from './shell'

export const en = { chart, domain, events, shell }
