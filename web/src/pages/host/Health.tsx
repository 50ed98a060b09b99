import { Alert, List, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useHostHealth } from '@/api/hosts'
import { Failure } from '@/components/Failure'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { When } from '@/components/When'
import { duration, share } from '@/lib/format'

/** Health is what the collectors of a host tell, and what to install where they tell too little. */
export function Health({ host }: { host: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const health = useHostHealth(host)
  return (
    <Section title={t('host.health')}>
      {health.error && <Failure error={health.error} retry={() => void health.refetch()} />}
      {!health.data && !health.error && <Skeleton height={80} />}
      {health.data && (
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 2, sm: 5 }}>
            <Fact name={t('host.collectors')}>{health.data.collectors.join(', ') || '–'}</Fact>
            <Fact name={t('host.newest')}>
              <When at={health.data.last_seen_at} />
            </Fact>
            <Fact name={t('host.step')}>{health.data.step_seconds ? duration(health.data.step_seconds, language) : '–'}</Fact>
            <Fact name={t('host.gaps')}>{share(health.data.gaps)}</Fact>
            <Fact name={t('host.history')}>{duration(health.data.history_hours * 3600, language)}</Fact>
          </SimpleGrid>
          {health.data.missing.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('host.complete')}
            </Text>
          ) : (
            <Alert color="yellow" title={t('host.missing')}>
              <List size="sm">
                {health.data.missing.map((missing) => (
                  <List.Item key={missing.code}>{missing.text}</List.Item>
                ))}
              </List>
            </Alert>
          )}
        </Stack>
      )}
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Stack>
  )
}
