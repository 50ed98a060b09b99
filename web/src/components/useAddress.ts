import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { read, write, type Parameter, type State } from '@/lib/address'

/** useAddress is the state of a part of a page as its address says it, and how to change it; what others keep there stays. */
export function useAddress<S extends Record<string, Parameter<unknown>>>(shape: S): [State<S>, (part: Partial<State<S>>) => void] {
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const state = useMemo(() => read(shape, search), [shape, search])
  const change = useCallback(
    (part: Partial<State<S>>) =>
      void navigate({
        to: '.',
        search: ((before: Record<string, unknown>) => {
          const others = Object.fromEntries(Object.entries(before).filter(([name]) => !(name in shape)))
          return { ...others, ...write(shape, { ...read(shape, before), ...part }) }
        }) as never,
        replace: true,
        resetScroll: false,
      }),
    [navigate, shape],
  )
  return [state, change]
}
