import { Button, Group, Select, Skeleton, Stack } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotices } from '@/api/alerts'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { NoticeTable } from '@/components/NoticeTable'
import { oneOf, read, write } from '@/lib/address'

const statuses = ['pending', 'sending', 'sent', 'failed', 'dropped'] as const
const shape = { status: oneOf(['all', ...statuses], 'all') }

/** Notices are what was told, to whom, and what they answered. */
export function Notices() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const { status } = useMemo(() => read(shape, search), [search])
  const notices = useNotices({ status: status === 'all' ? undefined : [status] })
  const rows = notices.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack gap="sm">
      <Group justify="end">
        <Select
          w={160}
          size="xs"
          aria-label={t('alerts.notice.status')}
          data={[{ value: 'all', label: t('alerts.notice.all') }, ...statuses.map((value) => ({ value, label: t(`alerts.notice.state.${value}`) }))]}
          value={status}
          allowDeselect={false}
          onChange={(s) => void navigate({ to: '/alerts/notices', search: write(shape, { status: (s ?? 'all') as 'all' }) as never })}
        />
      </Group>
      {notices.error && <Failure error={notices.error} retry={() => void notices.refetch()} />}
      {notices.isPending && !notices.error && <Skeleton height={120} />}
      {notices.data && rows.length === 0 && <Empty title={t('alerts.notice.none')} text={t('alerts.notice.none_text')} />}
      {rows.length > 0 && <NoticeTable notices={rows} />}
      {notices.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
            {t('alerts.notice.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
