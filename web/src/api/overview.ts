import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from './client'

const every = 60_000 // ms, besides the live updates

/** useOverview is the fleet as it is now. */
export const useOverview = (enabled = true) => useQuery({ queryKey: ['overview'], enabled, queryFn: () => unwrap(api.GET('/api/v1/overview')), refetchInterval: every })
