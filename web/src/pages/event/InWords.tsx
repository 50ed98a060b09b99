import { Box, Divider, Group, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { Section } from '@/components/Section'
import { useLanguage } from '@/components/useLanguage'
import { useNow } from '@/components/useNow'
import { bytes, minute, share, until } from '@/lib/format'
import { growth, level } from '@/lib/growth'
import { nextKill } from '@/lib/restarts'

/** InWords says what is known of a leak in sentences, then the reasons with their numbers. */
export function InWords({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const v = e.verdict
  const seconds = (time: string) => (Date.parse(time) - now.getTime()) / 1000
  const left = (time: string) => until(new Date(time), now, language)
  const object = e.object.kind === 'host' ? e.object.host : `${e.object.host} › ${[e.object.namespace, e.object.name].filter(Boolean).join('/')}`
  const sentences = [t('event.sentence.what', { object: object.slice(0, 300), cause: t(`domain.cause.${v.cause}`) })]
  if (v.onset) {
    const [low, high] = [growth(v.slope_low, v.unit), growth(v.slope_high, v.unit)]
    sentences.push(t(low === high ? 'event.sentence.since_even' : 'event.sentence.since', { onset: minute(new Date(v.onset), language), growth: growth(v.slope_per_hour, v.unit), low, high, value: level(v.value, v.unit) }))
  }
  if (e.status === 'open' && (v.cause === 'exhausted' || (v.exhaustion && seconds(v.exhaustion) <= 0))) sentences.push(t('event.sentence.full'))
  else if (e.status === 'open' && v.exhaustion) {
    const at = minute(new Date(v.exhaustion), language)
    sentences.push(
      v.earliest && v.latest
        ? t('event.sentence.left', { left: left(v.exhaustion), at, earliest: left(v.earliest), latest: left(v.latest) })
        : t('event.sentence.left_open', { left: left(v.exhaustion), at }),
    )
  }
  if (v.restarts) {
    const { count, first, peak } = v.restarts
    sentences.push(t(count === 1 ? 'event.sentence.killed_once' : 'event.sentence.killed', { count, first: minute(new Date(first), language), peak: level(peak, v.unit) }))
  }
  const killed = e.status === 'open' ? nextKill(v.restarts, now) : undefined
  if (killed) sentences.push(t('event.sentence.killed_next', { left: until(killed, now, language), at: minute(killed, language) }))
  const first = e.suspects[0]
  if (first) sentences.push(t('event.sentence.who', { name: first.name.slice(0, 200), share: share(first.share), growth: bytes(first.growth_bytes) }))
  sentences.push(v.confidence < 0.995 ? t('event.sentence.confidence', { confidence: share(v.confidence) }) : t('event.sentence.confident'))
  if (e.recovered_at && e.recovery) {
    sentences.push(t('event.sentence.ended', { recovered: minute(new Date(e.recovered_at), language), how: t(`domain.recovery.${e.recovery}`) }))
  }
  return (
    <Section title={t('event.overview')}>
      <Text style={{ overflowWrap: 'anywhere' }}>{sentences.join(language === 'zh' ? '' : ' ')}</Text>
      {v.reasons.length > 0 && (
        <>
          <Divider label={t('event.reasons')} labelPosition="left" />
          <List listStyleType="none" spacing={6}>
            {v.reasons.map((reason) => (
              <List.Item key={reason.code} styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
                <Group gap="sm" wrap="nowrap" align="start">
                  <Weight points={reason.points} />
                  <Text size="sm">{reason.text}</Text>
                </Group>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Section>
  )
}

const most = 4 // log-odds that fill the bar

// Weight shows how much a reason adds: to the right for a leak, to the left against it.
function Weight({ points }: { points: number }) {
  const { t } = useTranslation()
  const part = Math.min(Math.abs(points) / most, 1) * 50
  const number = `${points > 0 ? '+' : ''}${points.toFixed(1).replace('-', '−')}`
  const label = `${number} ${t(points > 0 ? 'event.speaks_for' : 'event.speaks_against')}`
  return (
    <Group gap={6} wrap="nowrap" style={{ flex: '0 0 auto' }} role="img" aria-label={label} data-hint={label} tabIndex={0}>
      <Box w={64} h={8} pos="relative" bg="var(--mantine-color-default-border)" style={{ borderRadius: 4 }}>
        <Box
          pos="absolute"
          h={8}
          w={`${part}%`}
          left={points > 0 ? '50%' : `${50 - part}%`}
          bg={points > 0 ? 'red.7' : 'teal.7'}
          style={{ borderRadius: 4 }}
        />
      </Box>
      <Text span size="xs" c="dimmed" w={28} ta="end" lh="22px">
        {number}
      </Text>
    </Group>
  )
}
