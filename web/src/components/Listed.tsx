import type { ReactNode } from 'react'
import { Carded } from './Carded'
import { Empty } from './Empty'
import { Failure } from './Failure'
import { TableWaiting } from './TableWaiting'

type Props<T> = {
  query: { data?: { items: T[] }; isPending: boolean; error: Error | null; refetch: () => unknown }
  names?: { isPending: boolean }[] // other answers that the rows are written with: a name in place of an id would move them
  failed?: Error | null // what was done to one of them and failed
  label: string
  columns: string[] // the last may be empty, for what can be done
  empty: { title: string; text?: string }
  width: number // px, below which the table scrolls on a desk
  less?: number[] // columns that are left out between a phone and a desk, from 1
  row: (item: T) => ReactNode
}

/** Listed is a table of what a query answers, with what stands there before, instead and on failure. */
export function Listed<T>({ query, names = [], failed, label, columns, empty, width, less, row }: Props<T>) {
  const error = query.error ?? failed
  const waiting = query.isPending || names.some((other) => other.isPending)
  return (
    <>
      {error && <Failure error={error} retry={query.error ? () => void query.refetch() : undefined} />}
      {waiting && !query.error && <TableWaiting />}
      {!waiting && query.data?.items.length === 0 && <Empty {...empty} />}
      {!waiting && query.data && query.data.items.length > 0 && (
        <Carded label={label} columns={columns} width={width} less={less}>
          {query.data.items.map(row)}
        </Carded>
      )}
    </>
  )
}
