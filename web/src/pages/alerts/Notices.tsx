import { Button, Group, MultiSelect, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNotices, usePolicies, useTargets } from '@/api/alerts'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { NoticeTable } from '@/components/NoticeTable'
import { useAddress } from '@/components/useAddress'
import { list, text, write, type State } from '@/lib/address'
import { fromLocal, toLocal } from '@/lib/local'

const statuses = ['pending', 'sending', 'sent', 'failed', 'dropped'] as const
const shape = { status: list(), target: text(), policy: text(), event: text(), from: text(), to: text() }
type Filter = State<typeof shape>

/** Notices are what was told, to whom, and what they answered. */
export function Notices() {
  const { t } = useTranslation()
  const [filter, change] = useAddress(shape)
  const chosen = statuses.filter((status) => filter.status.includes(status))
  const notices = useNotices({
    status: chosen.length > 0 ? chosen : undefined,
    target_id: filter.target || undefined,
    policy_id: filter.policy || undefined,
    event_id: filter.event || undefined,
    from: filter.from || undefined,
    to: filter.to || undefined,
  })
  const rows = notices.data?.pages.flatMap((page) => page.items) ?? []
  const narrowed = Object.keys(write(shape, filter)).length > 0
  return (
    <Stack gap="sm">
      <FilterBar filter={filter} change={change} narrowed={narrowed} />
      {notices.error && <Failure error={notices.error} retry={() => void notices.refetch()} />}
      {notices.isPending && !notices.error && <Skeleton height={120} />}
      {notices.data && rows.length === 0 && <Empty title={t(narrowed ? 'alerts.notice.none_such' : 'alerts.notice.none')} text={narrowed ? undefined : t('alerts.notice.none_text')} />}
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

function FilterBar({ filter, change, narrowed }: { filter: Filter; change: (part: Partial<Filter>) => void; narrowed: boolean }) {
  const { t } = useTranslation()
  const targets = useTargets()
  const policies = usePolicies()
  const named = (items: { id: string; name: string }[] | undefined) => (items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Group gap="xs">
      <MultiSelect
        flex="1 1 150px"
        maw={{ sm: 220 }}
        aria-label={t('alerts.notice.status')}
        placeholder={filter.status.length === 0 ? t('alerts.notice.status') : undefined}
        data={statuses.map((value) => ({ value, label: t(`alerts.notice.state.${value}`) }))}
        value={filter.status}
        onChange={(status) => change({ status })}
      />
      <Select flex="1 1 150px" maw={{ sm: 220 }} clearable searchable aria-label={t('alerts.notice.target')} placeholder={t('alerts.notice.target')} data={named(targets.data?.items)} value={filter.target || null} onChange={(id) => change({ target: id ?? '' })} />
      <Select flex="1 1 150px" maw={{ sm: 220 }} clearable searchable aria-label={t('alerts.notice.policy')} placeholder={t('alerts.notice.policy')} data={named(policies.data?.items)} value={filter.policy || null} onChange={(id) => change({ policy: id ?? '' })} />
      {(['from', 'to'] as const).map((name) => (
        <TextInput
          key={name}
          type="datetime-local"
          flex="1 1 225px"
          maw={{ sm: 240 }}
          aria-label={t(`alerts.notice.${name}`)}
          leftSection={<Text size="xs" c="dimmed" children={t(`events.short.${name}`)} />}
          leftSectionWidth={44}
          value={toLocal(filter[name])}
          onChange={(e) => change({ [name]: fromLocal(e.currentTarget.value) ?? '' })}
        />
      ))}
      {narrowed && (
        <Button variant="subtle" leftSection={<IconFilterOff size={16} />} onClick={() => change({ status: [], target: '', policy: '', event: '', from: '', to: '' })}>
          {t('events.clear')}
        </Button>
      )}
    </Group>
  )
}
