import { QueryClient } from '@tanstack/react-query'
import { Problem } from '@/api/client'

const most = 30_000 // ms between tries

// A server that does not answer is asked again until it does; what it refused is not.
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => error instanceof Problem && (error.status === 0 || error.status >= 502) && failures < 1000,
      retryDelay: (failures) => Math.min(1000 * 2 ** failures, most),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})
