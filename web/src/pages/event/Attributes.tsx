import { ActionIcon, Anchor, Group, SimpleGrid, Stack, Table, Text, Title, Tooltip } from '@mantine/core'
import { IconExternalLink, IconFilter, IconFilterX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Copy } from '@/components/Copy'
import { Section } from '@/components/Section'

/** Attributes are what an event can be filtered by, and where to look further. */
export function Attributes({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const extended = Object.fromEntries(Object.entries(e.attributes).filter(([key]) => !(key in e.dimensions)))
  return (
    <Section title={t('event.attributes')}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Pairs title={t('event.dimensions')} pairs={e.dimensions} />
        {Object.keys(extended).length > 0 && <Pairs title={t('event.extended')} pairs={extended} />}
      </SimpleGrid>
      <Links links={e.links} />
    </Section>
  )
}

// Links lead to what other tools know of the object; whoever may set them is led there where there is none.
function Links({ links }: { links: Schemas['Link'][] }) {
  const { t } = useTranslation()
  const owner = useMay('owner')
  if (links.length === 0 && !owner) return null
  return (
    <Stack gap={4} className={links.length === 0 ? 'no-print' : undefined}>
      <Title order={3} size="h6">
        {t('event.links')}
      </Title>
      {links.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('event.no_links')}{' '}
          <Anchor component={Link} to="/settings/general" inherit underline="always">
            {t('event.set_links')}
          </Anchor>
        </Text>
      )}
      <Group gap="sm">
        {links.map((link) => (
          <Anchor key={`${link.for} ${link.name}`} href={link.url} target="_blank" rel="noreferrer noopener" size="sm">
            <Group gap={4}>
              {link.for !== 'other' && (
                <Text span inherit c="dimmed">
                  {t(`settings.general.for.${link.for}`)}
                </Text>
              )}
              {link.name}
              <IconExternalLink size={14} aria-hidden />
            </Group>
          </Anchor>
        ))}
      </Group>
    </Stack>
  )
}

function Pairs({ title, pairs }: { title: string; pairs: Record<string, string> }) {
  const { t } = useTranslation()
  return (
    <Stack gap={4} miw={0}>
      <Title order={3} size="h6">
        {title}
      </Title>
      <Table verticalSpacing={2} layout="fixed" aria-label={title}>
        <Table.Tbody>
          {Object.entries(pairs).map(([key, value]) => {
            const pair = `${key}:${value}`
            return (
              <Table.Tr key={key}>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap" justify="space-between">
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
                      <Text span inherit c="dimmed">
                        {key}
                      </Text>{' '}
                      <bdi>{value}</bdi>
                    </Text>
                    <Group gap={2} wrap="nowrap" className="no-print">
                      <Copy value={pair} />
                      <Tooltip label={t('event.filter')}>
                        <ActionIcon component={Link} to="/events" search={{ status: 'all', is: [pair] } as never} variant="subtle" color="gray" size="sm" aria-label={`${t('event.filter')}: ${pair.slice(0, 80)}`}>
                          <IconFilter size={14} />
                        </ActionIcon>
                      </Tooltip>
                      <Tooltip label={t('event.exclude')}>
                        <ActionIcon component={Link} to="/events" search={{ status: 'all', not: [pair] } as never} variant="subtle" color="gray" size="sm" aria-label={`${t('event.exclude')}: ${pair.slice(0, 80)}`}>
                          <IconFilterX size={14} />
                        </ActionIcon>
                      </Tooltip>
                    </Group>
                  </Group>
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
