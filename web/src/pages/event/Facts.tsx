import { Paper, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { useLanguage } from '@/components/useLanguage'
import { useNow } from '@/components/useNow'
import { ago, duration, minute, share, until } from '@/lib/format'
import { growth, level } from '@/lib/growth'
import { nextKill } from '@/lib/restarts'

const soon = 6 * 3600 // s

/** Facts are what a person on call has to know within seconds: how long is left, who, since when, how fast. */
export function Facts({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const v = e.verdict
  const first = e.suspects[0]
  const time = (at: string) => minute(new Date(at), language)
  return (
    <Paper withBorder p="md" radius="md">
      <SimpleGrid component="dl" m={0} cols={{ base: 2, md: 4 }} spacing="md" verticalSpacing="sm">
        <Left event={e} />
        <Fact name={t('event.fact.who')} value={first ? <bdi>{first.name.slice(0, 200)}</bdi> : t('event.fact.nobody')}>
          {first ? t('event.fact.share', { kind: t(`domain.kind.${first.kind}`), share: share(first.share) }) : e.no_suspects}
        </Fact>
        <Fact name={t('event.fact.since')} value={v.onset ? ago(new Date(v.onset), now, language) : '–'}>
          {v.onset && time(v.onset)}
        </Fact>
        <Fact name={t('event.fact.growth')} value={growth(v.slope_per_hour, v.unit)}>
          {t('event.fact.now', { value: level(v.value, v.unit) })}
        </Fact>
      </SimpleGrid>
    </Paper>
  )
}

// Left is how long until the limit, or until it is killed again, or for how long it went on where it is over.
function Left({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const v = e.verdict
  const time = (at: string) => minute(new Date(at), language)
  if (e.status === 'recovered')
    return (
      <Fact name={t('event.fact.lasted')} value={duration(e.duration_seconds, language)}>
        {e.recovery && t(`domain.recovery.${e.recovery}`)}
      </Fact>
    )
  const killed = v.exhaustion ? undefined : nextKill(v.restarts, now)
  if (v.restarts && killed)
    return (
      <Fact name={t('event.fact.killed')} value={until(killed, now, language)}>
        {v.restarts.every_seconds
          ? t('event.fact.each', { at: minute(killed, language), every: duration(v.restarts.every_seconds, language), peak: level(v.restarts.peak, v.unit) })
          : minute(killed, language)}
      </Fact>
    )
  const seconds = v.exhaustion ? (Date.parse(v.exhaustion) - now.getTime()) / 1000 : Infinity
  if (v.cause === 'exhausted' || seconds <= 0) return <Fact name={t('event.fact.left')} value={t('event.fact.full')} urgent />
  return (
    <Fact name={t('event.fact.left')} value={v.exhaustion ? duration(seconds, language) : t('event.fact.open')} urgent={seconds < soon}>
      {v.exhaustion && time(v.exhaustion)}
    </Fact>
  )
}

function Fact({ name, value, urgent = false, children }: { name: string; value: ReactNode; urgent?: boolean; children?: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fz={20} fw={600} lh={1.3} lineClamp={2} c={urgent ? 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))' : undefined} style={{ overflowWrap: 'anywhere' }}>
        {value}
      </Text>
      {children && (
        <Text component="dd" m={0} size="xs" c="dimmed" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
          {children}
        </Text>
      )}
    </div>
  )
}
