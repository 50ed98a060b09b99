import { Alert, Badge, Group, List, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, unwrap, type Schemas } from '@/api/client'
import { Carded } from '@/components/Carded'
import { Loaded } from '@/components/Loaded'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { bytes, duration, whole } from '@/lib/format'

/** Collection is who sends, what arrives, what is missing and what to install. */
export function Collection() {
  const health = useQuery({ queryKey: ['health'], queryFn: () => unwrap(api.GET('/api/v1/health')), refetchInterval: 15_000 })
  return (
    <Loaded query={health} waiting={<Skeleton height={500} />}>
      {(h) => <Shown health={h} />}
    </Loaded>
  )
}

function Shown({ health: h }: { health: Schemas['Health'] }) {
  const { t } = useTranslation()
  return (
    <Stack>
      <Senders senders={h.senders} />
      <Section title={t('settings.collection.missing')}>
        {h.missing.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('settings.collection.nothing_missing')}
          </Text>
        )}
        <List size="sm" spacing="xs">
          {h.missing.map((m) => (
            <List.Item key={m.code}>
              {m.text}
              <Text size="xs" c="dimmed">
                {t('settings.collection.missing_hosts', { count: m.hosts, example: m.example.slice(0, 100) })}
              </Text>
            </List.Item>
          ))}
        </List>
        {Object.keys(h.collectors).length > 0 && (
          <Group gap="xs">
            <Text size="sm">{t('settings.collection.hosts_by')}</Text>
            {Object.entries(h.collectors).map(([name, hosts]) => (
              <Badge key={name} variant="default" tt="none">{`${name} ${whole(hosts)}`}</Badge>
            ))}
          </Group>
        )}
      </Section>
      <Store health={h} />
    </Stack>
  )
}

function Senders({ senders }: { senders: Schemas['Sender'][] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Section title={t('settings.collection.senders')}>
      {senders.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('settings.collection.no_senders')}
        </Text>
      ) : (
        <Carded label={t('settings.collection.senders')} columns={(['protocol', 'address', 'seen', 'samples', 'lag', 'refused', 'problem'] as const).map((column) => t(`settings.collection.${column}`))} width={720}>
          {senders.map((s) => (
            <Table.Tr key={`${s.protocol} ${s.address} ${s.key} ${s.agent ?? ''}`}>
              <Table.Td>{s.protocol}</Table.Td>
              <Table.Td>
                {s.address}
                <Text size="xs" c="dimmed" truncate maw={200}>
                  {s.agent}
                </Text>
              </Table.Td>
              <Table.Td>
                <When at={s.last_seen_at} />
              </Table.Td>
              <Table.Td>{whole(s.samples)}</Table.Td>
              <Table.Td>{duration(s.lag_seconds, language)}</Table.Td>
              <Table.Td>
                {Object.entries(s.refused)
                  .map(([why, count]) => `${why} ${whole(count)}`)
                  .join(', ') || '–'}
              </Table.Td>
              <Table.Td maw={280}>{s.problem ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Carded>
      )}
    </Section>
  )
}

function Store({ health: h }: { health: Schemas['Health'] }) {
  const { t } = useTranslation()
  const facts: [string, React.ReactNode][] = [
    [t('settings.collection.series'), whole(h.store.series)],
    [t('settings.collection.disk'), bytes(h.store.disk_bytes)],
    [t('settings.collection.free'), bytes(h.store.disk_free_bytes)],
    [t('settings.collection.oldest'), <When key="oldest" at={h.first_sample_at} />],
    [t('settings.collection.newest'), <When key="newest" at={h.newest_sample_at} />],
  ]
  return (
    <Section title={t('settings.collection.store')}>
      {h.store.problem && <Alert color="red">{h.store.problem}</Alert>}
      <Table maw={480} aria-label={t('settings.collection.store')}>
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  )
}
