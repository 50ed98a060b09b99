import { Badge, Table, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Carded } from './Carded'
import { NoticeContent } from './NoticeContent'
import { noteOf, stateOf } from './notice'
import { When } from './When'

const colors = { pending: 'blue', sending: 'blue', sent: 'teal', unconfirmed: 'yellow', failed: 'red', dropped: 'gray' }

/** NoticeTable shows notices, a line each; the message itself and its answer on demand. */
export function NoticeTable({ notices }: { notices: Schemas['Notice'][] }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<string>()
  return (
    <>
      <Carded label={t('alerts.tab.notices')} columns={(['at', 'target', 'reason', 'title', 'status', 'tries'] as const).map((column) => t(`alerts.notice.${column}`))} width={680}>
        {notices.map((n) => (
          <Table.Tr key={n.id}>
            <Table.Td>
              <When at={n.tried_at ?? n.created_at} />
            </Table.Td>
            <Table.Td maw={200}>
              <bdi>{n.target}</bdi>
              {n.recipient && (
                <>
                  {' · '}
                  <bdi>{n.recipient}</bdi>
                </>
              )}
              {n.policy && (
                <Text size="xs" c="dimmed" truncate>
                  <bdi>{n.policy}</bdi>
                </Text>
              )}
            </Table.Td>
            <Table.Td>{n.reason_text}</Table.Td>
            <Table.Td maw={360}>
              <UnstyledButton onClick={() => setShown(n.id)} fz="sm" c="var(--mantine-color-anchor)" maw="100%">
                <Text size="sm" truncate component="span" display="block">
                  <bdi>{n.title || t('alerts.notice.content')}</bdi>
                </Text>
              </UnstyledButton>
              {n.events > 1 && (
                <Text size="xs" c="dimmed">
                  {t('alerts.notice.gathered', { count: n.events })}
                </Text>
              )}
              {n.error && (
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {noteOf(n, t)}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[stateOf(n)]} tt="none" miw="max-content" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                {t(`alerts.notice.state.${stateOf(n)}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              {n.tries}
              {n.status === 'pending' && n.tries > 0 && n.next_try_at && (
                <Text size="xs" c="dimmed">
                  {t('alerts.notice.next')} <When at={n.next_try_at} />
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Carded>
      {shown && <NoticeContent id={shown} close={() => setShown(undefined)} />}
    </>
  )
}
