import { domain } from './domain'
import { shell } from './shell'

export const en = { domain, shell }
