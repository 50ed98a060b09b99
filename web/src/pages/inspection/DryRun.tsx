import { Button, Group, List, Stack, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDryRun, type InspectionInput } from '@/api/inspections'
import { Failure } from '@/components/Failure'
import { LevelBadge } from '@/components/LevelBadge'
import { ObjectName } from '@/components/ObjectName'
import { Section } from '@/components/Section'
import { share } from '@/lib/format'
import { growth } from '@/lib/growth'

/** DryRun inspects once with what stands in the form, and shows what it finds. */
export function DryRun({ input }: { input: () => InspectionInput }) {
  const { t } = useTranslation()
  const run = useDryRun()
  const found = run.data
  return (
    <Section
      title={t('inspection.dry_run')}
      aside={
        <Button size="xs" variant="light" leftSection={<IconFlask size={14} />} loading={run.isPending} onClick={() => run.mutate(input())}>
          {t('inspection.test')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {t('inspection.dry_run_text')}
      </Text>
      {run.error && <Failure error={run.error} />}
      {found && (
        <Stack gap="xs" aria-live="polite">
          <Text size="sm">{t('inspection.dry_run_done', { hosts: found.hosts, leaks: found.leaks, failed: found.failed, no_data: found.no_data })}</Text>
          <List listStyleType="none" spacing={6}>
            {found.findings.map((f) => (
              <List.Item key={`${f.object.kind}/${f.object.host}/${f.object.namespace ?? ''}/${f.object.name ?? ''}`}>
                <Group gap="sm" wrap="nowrap">
                  <LevelBadge level={f.verdict.level} size="xs" />
                  <ObjectName object={f.object} />
                  <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                    {`${t(`domain.cause.${f.verdict.cause}`)} ${growth(f.verdict.slope_per_hour, f.verdict.unit)}`}
                  </Text>
                  {f.suspects[0] && <Text size="sm" truncate>{`${f.suspects[0].name.slice(0, 100)} ${share(f.suspects[0].share)}`}</Text>}
                </Group>
              </List.Item>
            ))}
          </List>
          {found.more > 0 && (
            <Text size="sm" c="dimmed">
              {t('inspection.dry_run_more', { count: found.more })}
            </Text>
          )}
        </Stack>
      )}
    </Section>
  )
}
