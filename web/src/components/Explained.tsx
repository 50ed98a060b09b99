import { Anchor, Badge, Group, List, SegmentedControl, Skeleton, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconHandStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTargets } from '@/api/alerts'
import { api, unwrap, type Schemas } from '@/api/client'
import { absolute, duration } from '@/lib/format'
import { Failure } from './Failure'
import { useLanguage } from './useLanguage'

/** Explained is the way of an event through rules, silences, limits and groups, and who is told at its end. */
export function Explained({ id }: { id: string }) {
  const { t } = useTranslation()
  const [as, setAs] = useState<'new' | 'now'>('new')
  const explained = useQuery({
    queryKey: ['notices', 'explained', id, as],
    queryFn: () => unwrap(api.GET('/api/v1/events/{id}/explain', { params: { path: { id }, query: { as_new: as === 'new' } } })),
  })
  return (
    <Stack gap="xs" aria-live="polite">
      <Group>
        <SegmentedControl
          size="xs"
          aria-label={t('alerts.explain.as')}
          data={(['new', 'now'] as const).map((value) => ({ value, label: t(`alerts.explain.as_kind.${value}`) }))}
          value={as}
          onChange={(value) => setAs(value as typeof as)}
        />
      </Group>
      {explained.error && <Failure error={explained.error} />}
      {explained.isPending && !explained.error && <Skeleton height={120} />}
      {explained.data && (
        <>
          <Steps explanation={explained.data} />
          <Outcome explanation={explained.data} />
        </>
      )}
    </Stack>
  )
}

function Steps({ explanation: x }: { explanation: Schemas['Explanation'] }) {
  const { t } = useTranslation()
  const links: Partial<Record<Schemas['ExplainedStep']['stage'], { to: string; id: string } | undefined>> = {
    match: x.policy && { to: '/alerts/policies', id: x.policy.id },
    silence: x.silence && { to: '/alerts/silences', id: x.silence.id },
  }
  return (
    <List type="ordered" listStyleType="none" size="sm" spacing={6} aria-label={t('alerts.event.explain')}>
      {x.steps.map((step) => {
        const link = links[step.stage]
        return (
          <List.Item key={step.stage} icon={<Passed goesOn={step.goes_on} />}>
            <Text span inherit fw={600}>
              {t(`alerts.explain.stage.${step.stage}`)}
            </Text>{' '}
            <Text span inherit style={{ overflowWrap: 'anywhere' }}>
              {step.said}
            </Text>
            {link && (
              <Anchor component={Link} to={link.to} search={{ edit: link.id } as never} ms="xs" inherit>
                {t('alerts.explain.open')}
              </Anchor>
            )}
          </List.Item>
        )
      })}
    </List>
  )
}

// Passed says whether the event goes on from a stage, in a sign and not by its colour alone.
function Passed({ goesOn }: { goesOn: boolean }) {
  const { t } = useTranslation()
  return (
    <ThemeIcon size={20} radius="xl" variant="light" color={goesOn ? 'teal' : 'orange'} role="img" aria-label={t(goesOn ? 'alerts.explain.goes_on' : 'alerts.explain.stops')}>
      {goesOn ? <IconCheck size={14} aria-hidden /> : <IconHandStop size={14} aria-hidden />}
    </ThemeIcon>
  )
}

function Outcome({ explanation: x }: { explanation: Schemas['Explanation'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const targets = useTargets()
  const names = (ids: string[]) => ids.map((id) => targets.data?.items.find((target) => target.id === id)?.name ?? id).join(t('alerts.said.and'))
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {t(x.tells ? 'alerts.event.tells' : 'alerts.event.quiet')}
        </Text>
        {x.targets.map((target) => (
          <Badge key={target.id} variant="default" tt="none">
            {target.name}
          </Badge>
        ))}
      </Group>
      {x.tells && x.due && <Text size="sm">{t('alerts.explain.due', { reason: x.reason_text, time: absolute(new Date(x.due), language) })}</Text>}
      {x.tells &&
        x.escalations.map((e, i) => (
          <Text key={i} size="sm">
            {t(`alerts.policy.escalated.${e.unless}`, { after: duration(e.after_seconds, language), targets: names(e.targets) })}
          </Text>
        ))}
    </Stack>
  )
}
