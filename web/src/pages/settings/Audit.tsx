import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { Carded } from '@/components/Carded'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { Search } from '@/components/Search'
import { TableWaiting } from '@/components/TableWaiting'
import { useAddress } from '@/components/useAddress'
import { When } from '@/components/When'
import { text } from '@/lib/address'

const shape = { actor: text(), action: text() }

/** Audit is what somebody did, the newest first. */
export function Audit() {
  const { t } = useTranslation()
  const [{ actor, action }, change] = useAddress(shape)
  const query = { actor: actor || undefined, action: action || undefined }
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
        <Search label={t('settings.audit.filter_actor')} value={actor} look={(typed) => change({ actor: typed })} maw={320} />
        <Search label={t('settings.audit.filter_action')} value={action} look={(typed) => change({ action: typed })} maw={320} />
      </Group>
      {audit.error && <Failure error={audit.error} retry={() => void audit.refetch()} />}
      {audit.isPending && !audit.error && <TableWaiting rows={6} />}
      {audit.data && rows.length === 0 && <Empty title={t('settings.audit.none')} />}
      {rows.length > 0 && (
        <Carded label={t('settings.tab.audit')} columns={(['at', 'actor', 'action', 'subject', 'address', 'status'] as const).map((column) => t(`settings.audit.${column}`))} width={720}>
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
        </Carded>
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
