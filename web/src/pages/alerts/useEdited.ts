import type { UseQueryResult } from '@tanstack/react-query'
import type { Edited } from '@/api/alerts'
import { useAddress } from '@/components/useAddress'
import { text } from '@/lib/address'

const shape = { edit: text() }

/** useEdited keeps in the address which record of a list is edited, one of them or a new one, and reads it with its version. */
export function useEdited<T>(useOne: (id: string | undefined) => UseQueryResult<Edited<T>>) {
  const [{ edit: id }, change] = useAddress(shape)
  const isNew = id === 'new'
  const one = useOne(id === '' || isNew ? undefined : id)
  return {
    edited: isNew ? ({ key: id } as const) : one.data && { key: `${id} ${one.data.version}`, one: one.data }, // another version is another form
    failed: one.error,
    reload: () => void one.refetch(),
    edit: (to: string) => change({ edit: to }),
    close: () => change({ edit: '' }),
  }
}
