import { Alert, Anchor, Code, Modal, Paper, Skeleton, Stack, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNotice } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { absolute } from '@/lib/format'
import { Failure } from './Failure'
import { Markdown } from './Markdown'
import { asSent, asShown, noteOf, stateOf } from './notice'
import { useLanguage } from './useLanguage'

/** NoticeContent is one notice: the message as it was sent, what the other side answered, and what it is about. */
export function NoticeContent({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice(id)
  return (
    <Modal opened onClose={close} title={t('alerts.notice.content')} size="lg">
      {notice.error && <Failure error={notice.error} />}
      {!notice.data && !notice.error && <Skeleton height={160} />}
      {notice.data && <Content notice={notice.data} close={close} />}
    </Modal>
  )
}

function Content({ notice: n, close }: { notice: Schemas['NoticeWithContent']; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Paper withBorder p="sm" radius="md" lang={n.message.language}>
        {asSent(n) === undefined ? (
          <>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {n.message.title}
            </Text>
            <Markdown text={asShown(n.message.markdown || n.message.text)} />
          </>
        ) : (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {asSent(n)}
          </Text>
        )}
      </Paper>
      {n.error && (
        <Alert color={stateOf(n) === 'unconfirmed' ? 'yellow' : 'red'} title={t(stateOf(n) === 'unconfirmed' ? 'alerts.notice.state.unconfirmed' : 'alerts.notice.error')}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {noteOf(n, t)}
          </Text>
        </Alert>
      )}
      {(n.answer || n.answer_status !== undefined) && (
        <>
          <Text size="sm" fw={600}>
            {t('alerts.target.answer')}
          </Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{`${n.answer_status ?? ''} ${n.answer ?? ''}`}</Code>
        </>
      )}
      <Facts notice={n} />
      {n.about.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            {t('alerts.notice.events')}
          </Text>
          <Stack gap={4}>
            {n.about.map((e) => (
              <Anchor key={e.id} component={Link} to={`/events/${e.id}`} size="sm" onClick={close} truncate>
                <bdi>{e.title.slice(0, 300)}</bdi>
              </Anchor>
            ))}
          </Stack>
        </>
      )}
    </Stack>
  )
}

// Facts are whom it was for, and its tries.
function Facts({ notice: n }: { notice: Schemas['NoticeWithContent'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const time = (at: string | undefined) => at && absolute(new Date(at), language)
  const rows: [string, string | undefined][] = [
    [t('alerts.notice.target'), n.recipient ? `${n.target} · ${n.recipient}` : n.target],
    [t('alerts.notice.policy'), n.policy],
    [t('alerts.notice.reason'), n.reason_text],
    [t('alerts.notice.status'), t(`alerts.notice.state.${stateOf(n)}`)],
    [t('alerts.notice.tries'), String(n.tries)],
    [t('alerts.notice.made'), time(n.created_at)],
    [t('alerts.notice.tried'), time(n.tried_at)],
    [t('alerts.notice.next'), n.status === 'pending' ? time(n.next_try_at) : undefined],
  ]
  return (
    <Table verticalSpacing={2} fz="sm" aria-label={t('alerts.notice.record')}>
      <Table.Tbody>
        {rows.map(
          ([name, value]) =>
            value && (
              <Table.Tr key={name}>
                <Table.Th w={140} fw={400} c="dimmed">
                  {name}
                </Table.Th>
                <Table.Td>
                  <bdi>{value}</bdi>
                </Table.Td>
              </Table.Tr>
            ),
        )}
      </Table.Tbody>
    </Table>
  )
}
