import { Alert, Button, Code, Group, Loader, Select, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { useSources } from '@/api/inspections'
import { Copy } from '@/components/Copy'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { useNow } from '@/components/useNow'
import { ago } from '@/lib/format'
import { SourceForm } from '@/pages/settings/SourceForm'
import { collectors } from './collectors'

type Props = { sourceID: string; setSourceID: (id: string) => void }

/** Connect lets data in: from a source that is there, or from collectors that send. */
export function Connect({ sourceID, setSourceID }: Props) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const sources = useSources()
  const source = sources.data?.items.find((s) => s.id === sourceID)
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} py="md">
      <Section title={t('welcome.have')}>
        <Text size="sm">{t('welcome.have_text')}</Text>
        {source && (
          <Alert color="teal" icon={<IconCheck size={16} />}>
            {t('welcome.connected', { name: source.name })}
          </Alert>
        )}
        <Group>
          <Button variant={source ? 'default' : 'filled'} onClick={() => setAdding(true)}>
            {t('welcome.add_source')}
          </Button>
        </Group>
        {adding && <SourceForm close={() => setAdding(false)} done={(saved) => setSourceID(saved.id)} />}
      </Section>
      <Section title={t('welcome.send')}>
        <Text size="sm">{t('welcome.send_text')}</Text>
        <Lines />
      </Section>
    </SimpleGrid>
  )
}

function Lines() {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(collectors[0]!.name)
  const make = useChange((body: Schemas['AddKeyInputBody']) => unwrap(api.POST('/api/v1/keys', { body })), ['settings', 'keys'])
  if (!make.data) {
    return (
      <Stack gap="xs">
        {make.error && <Failure error={make.error} />}
        <Group>
          <Button loading={make.isPending} onClick={() => make.mutate({ name: 'collectors', scopes: ['ingest'] })}>
            {t('welcome.make_key')}
          </Button>
        </Group>
        <FirstSample />
      </Stack>
    )
  }
  const lines = collectors.find((c) => c.name === chosen)!.lines(location.origin, make.data.bearer, make.data.token ?? '')
  return (
    <Stack gap="xs">
      <Select label={t('welcome.collector')} data={collectors.map((c) => c.name)} value={chosen} allowDeselect={false} onChange={(name) => setChosen(name ?? chosen)} />
      <Group wrap="nowrap" align="start" gap="xs">
        <Code block flex={1} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {lines}
        </Code>
        <Copy value={lines} />
      </Group>
      <FirstSample />
    </Stack>
  )
}

const often = 2_000 // ms between looks for the first sample

function FirstSample() {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const health = useQuery({
    queryKey: ['health'],
    queryFn: () => unwrap(api.GET('/api/v1/health')),
    refetchInterval: (query) => (query.state.data?.newest_sample_at ? false : often),
  })
  const newest = health.data?.newest_sample_at
  if (!health.data) return <Skeleton height={22} width={220} /> // whether one has come is not known yet
  return (
    <Group gap="xs" aria-live="polite">
      {newest ? <IconCheck size={16} /> : <Loader size="xs" />}
      <Text size="sm">{newest ? t('welcome.received', { when: ago(new Date(newest), now, language) }) : t('welcome.waiting')}</Text>
    </Group>
  )
}
