import { useMutation, useQueryClient } from '@tanstack/react-query'

/** useChange does something and asks again for the resources that it changes. */
export function useChange<V, T>(change: (variables: V) => Promise<T>, ...resources: string[][]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(resources.map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
