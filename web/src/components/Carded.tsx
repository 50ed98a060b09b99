import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Carded.module.css'

type Props = {
  label: string
  columns: string[] // at most nine; the last may be empty, for what can be done
  width: number // px, below which the table scrolls on a desk
  less?: number[] // columns that are left out between a phone and a desk, from 1
  compact?: boolean // cells are short: three beside each other on a phone
  children: ReactNode // rows
}

/** Carded is a table whose rows are cards on a phone, so that nothing has to be scrolled sideways. */
export function Carded({ label, columns, width, less = [], compact, children }: Props) {
  const names = Object.fromEntries(columns.map((name, i) => [`--column-${i + 1}`, JSON.stringify(name)]))
  return (
    <Table.ScrollContainer minWidth={width} className={classes.around} data-less={less.length > 0 || undefined}>
      <Table aria-label={label} className={classes.table} data-compact={compact || undefined} data-less={less.length > 0 ? less.join(' ') : undefined} style={names}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((name, i) => (
              <Table.Th key={i}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
