import { Alert, Anchor, Badge, Code, Modal, Skeleton, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotice } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { Failure } from './Failure'
import { When } from './When'

const colors: Record<Schemas['Notice']['status'], string> = { pending: 'blue', sending: 'blue', sent: 'teal', failed: 'red', dropped: 'gray' }

/** NoticeTable shows notices, a line each; the message itself and its answer on demand. */
export function NoticeTable({ notices }: { notices: Schemas['Notice'][] }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<string>()
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table aria-label={t('alerts.tab.notices')}>
        <Table.Thead>
          <Table.Tr>
            {(['at', 'target', 'reason', 'title', 'status', 'tries'] as const).map((column) => (
              <Table.Th key={column}>{t(`alerts.notice.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {notices.map((n) => (
            <Table.Tr key={n.id}>
              <Table.Td>
                <When at={n.tried_at ?? n.created_at} />
              </Table.Td>
              <Table.Td>
                <bdi>{n.target}</bdi>
              </Table.Td>
              <Table.Td>{n.reason_text}</Table.Td>
              <Table.Td maw={360}>
                <UnstyledButton onClick={() => setShown(n.id)} fz="sm" c="var(--mantine-color-anchor)" maw="100%">
                  <Text size="sm" truncate component="span" display="block">
                    <bdi>{n.title || t('alerts.notice.content')}</bdi>
                  </Text>
                </UnstyledButton>
                {n.error && (
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {n.error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={colors[n.status]} tt="none" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                  {t(`alerts.notice.state.${n.status}`)}
                </Badge>
              </Table.Td>
              <Table.Td>{n.tries}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {shown && <Content id={shown} close={() => setShown(undefined)} />}
    </Table.ScrollContainer>
  )
}

function Content({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice(id)
  return (
    <Modal opened onClose={close} title={t('alerts.notice.content')} size="lg">
      {notice.error && <Failure error={notice.error} />}
      {!notice.data && !notice.error && <Skeleton height={160} />}
      {notice.data && (
        <Stack gap="sm">
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {notice.data.message.markdown || notice.data.message.text}
          </Code>
          {notice.data.error && (
            <Alert color="red" title={t('alerts.notice.error')}>
              {notice.data.error}
            </Alert>
          )}
          {notice.data.answer && (
            <>
              <Text size="sm" fw={600}>
                {t('alerts.target.answer')}
              </Text>
              <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{`${notice.data.answer_status ?? ''} ${notice.data.answer}`}</Code>
            </>
          )}
          <Text size="sm" fw={600}>
            {t('alerts.notice.events')}
          </Text>
          <Stack gap={4}>
            {notice.data.about.map((e) => (
              <Anchor key={e.id} component={Link} to={`/events/${e.id}`} size="sm" onClick={close} truncate>
                <bdi>{e.title.slice(0, 300)}</bdi>
              </Anchor>
            ))}
          </Stack>
        </Stack>
      )}
    </Modal>
  )
}
