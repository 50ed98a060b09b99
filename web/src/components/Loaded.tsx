import type { ReactNode } from 'react'
import { Failure } from './Failure'

type Props<T> = {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown }
  waiting: ReactNode // as high as what will be there
  children: (data: T) => ReactNode
}

/** Loaded shows what a query answered. What is there stays where it cannot be asked for anew, with what happened above it. */
export function Loaded<T>({ query, waiting, children }: Props<T>) {
  const failure = query.error && <Failure error={query.error} retry={() => void query.refetch()} />
  if (query.data === undefined) return failure || waiting
  return (
    <>
      {failure}
      {children(query.data)}
    </>
  )
}
