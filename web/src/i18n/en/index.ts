import { chart } from './chart'
import { domain } from './domain'
import { shell } from './shell'

export const en = { chart, domain, shell }
