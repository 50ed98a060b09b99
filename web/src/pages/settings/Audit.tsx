import { Button, Group, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { When } from '@/components/When'

/** Audit is what somebody did, the newest first. */
export function Audit() {
  const { t } = useTranslation()
  const [actor, setActor] = useState('')
  const [action, setAction] = useState('')
  const [query] = useDebouncedValue({ actor: actor || undefined, action: action || undefined }, 300)
  const audit = useInfiniteQuery({
    queryKey: ['settings', 'audit', query],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/audit', { params: { query: { ...query, limit: 100, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  })
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <TextInput placeholder={t('settings.audit.filter_actor')} aria-label={t('settings.audit.filter_actor')} value={actor} onChange={(e) => setActor(e.currentTarget.value)} />
        <TextInput placeholder={t('settings.audit.filter_action')} aria-label={t('settings.audit.filter_action')} value={action} onChange={(e) => setAction(e.currentTarget.value)} />
      </Group>
      {audit.error && <Failure error={audit.error} retry={() => void audit.refetch()} />}
      {audit.isPending && !audit.error && <Skeleton height={200} />}
      {audit.data && rows.length === 0 && <Empty title={t('settings.audit.none')} />}
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={720}>
          <Table aria-label={t('settings.tab.audit')}>
            <Table.Thead>
              <Table.Tr>
                {(['at', 'actor', 'action', 'subject', 'address', 'status'] as const).map((column) => (
                  <Table.Th key={column}>{t(`settings.audit.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((entry) => (
                <Table.Tr key={entry.id}>
                  <Table.Td>
                    <When at={entry.at} />
                  </Table.Td>
                  <Table.Td>{entry.actor}</Table.Td>
                  <Table.Td>{entry.action}</Table.Td>
                  <Table.Td maw={260}>
                    <Text size="sm" truncate>
                      <bdi>{entry.subject}</bdi>
                    </Text>
                  </Table.Td>
                  <Table.Td>{entry.address}</Table.Td>
                  <Table.Td>{entry.status || '–'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {audit.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t('settings.audit.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
