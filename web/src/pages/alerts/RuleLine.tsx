import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useInspections } from '@/api/inspections'
import { useLanguage } from '@/components/useLanguage'
import { duration } from '@/lib/format'
import { sayMatch, sayPeriod } from './said'

type Props = { rule: Schemas['Rule']; zone: string; targets: Schemas['Target'][]; number?: number }

/** RuleLine says a rule in a line: which events, then who is told. */
export function RuleLine({ rule, zone, targets, number }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const inspections = useInspections()
  const and = t('alerts.said.and')
  const names = (ids: string[]) => ids.map((id) => targets.find((target) => target.id === id)?.name ?? id).join(and)
  const conditions = [
    rule.levels.map((level) => t(`domain.level.${level}`)).join(and),
    sayMatch(rule.match, (id) => inspections.data?.items.find((i) => i.id === id)?.name ?? id).join(and),
    rule.times.map((period) => sayPeriod(period, zone, t, language)).join('; '),
  ].filter((part) => part !== '')
  return (
    <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
      {number !== undefined && `${number}. `}
      {rule.name && (
        <Text span inherit fw={500}>
          <bdi>{rule.name}</bdi>
          {': '}
        </Text>
      )}
      {conditions.join(' · ') || t('alerts.policy.any')}
      {' → '}
      <bdi>{names(rule.targets) || t('alerts.policy.nobody')}</bdi>
      {rule.escalations.map((e, i) => (
        <Text key={i} span inherit c="dimmed" display="block">
          {t(`alerts.policy.escalated.${e.unless}`, { after: duration(e.after_seconds, language), targets: names(e.targets) })}
        </Text>
      ))}
    </Text>
  )
}
