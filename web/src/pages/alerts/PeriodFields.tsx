import { Button, Chip, Group, Input, NumberInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '@/components/useLanguage'
import { duration } from '@/lib/format'
import type { PeriodForm } from './period'
import { dayName } from './said'
import { fromWeekly, toWeekly, type Weekly } from './weekly'
import { toClock } from './zone'

type Props = { period: PeriodForm; change: (period: PeriodForm) => void; zone: string; kinds: readonly PeriodForm['kind'][] }

/** PeriodFields say when: now, between two times, or again and again. */
export function PeriodFields({ period: p, change, zone, kinds }: Props) {
  const { t } = useTranslation()
  const set = (part: Partial<PeriodForm>) => change({ ...p, ...part })
  const bound = (name: 'from' | 'to', label: string) => (
    <TextInput flex="1 1 200px" type="datetime-local" label={label} value={p[name]} onChange={(e) => set({ [name]: e.currentTarget.value })} />
  )
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label={t('alerts.period.kind')}
        data={kinds.map((value) => ({ value, label: t(`alerts.period.kinds.${value}`) }))}
        value={p.kind}
        onChange={(kind) => set({ kind: kind as PeriodForm['kind'] })}
      />
      {p.kind === 'now' && <Lasting set={set} zone={zone} />}
      {p.kind === 'again' && <Again period={p} set={set} />}
      <Group gap="xs" align="end">
        {p.kind !== 'now' && bound('from', t(p.kind === 'again' ? 'alerts.period.first' : 'alerts.period.from'))}
        {bound('to', t(p.kind === 'again' ? 'alerts.period.last' : 'alerts.period.to'))}
      </Group>
    </Stack>
  )
}

const lasting = [1, 4, 24, 168] // hours

// Lasting are the usual lengths of what begins now.
function Lasting({ set, zone }: { set: (part: Partial<PeriodForm>) => void; zone: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Group gap="xs" role="group" aria-label={t('alerts.period.lasting')}>
      {lasting.map((hours) => (
        <Button key={hours} size="compact-xs" variant="default" onClick={() => set({ to: toClock(new Date(Date.now() + hours * 3_600_000).toISOString(), zone) })}>
          {duration(hours * 3600, language)}
        </Button>
      ))}
    </Group>
  )
}

const days = [1, 2, 3, 4, 5, 6, 0]

// Again is when it begins each time, by days and a time or as a crontab line, and how long it lasts.
function Again({ period: p, set }: { period: PeriodForm; set: (part: Partial<PeriodForm>) => void }) {
  const { t } = useTranslation()
  const weekly = toWeekly(p.cron)
  const [wanted, setWanted] = useState<'form' | 'line'>('form')
  const way = weekly ? wanted : 'line' // what has no form is written
  return (
    <>
      {way === 'form' && weekly && <Days weekly={weekly} change={(to) => set({ cron: fromWeekly(to) })} />}
      <Group gap="xs" align="end">
        {way === 'form' && weekly ? (
          <TextInput flex="1 1 120px" type="time" required label={t('alerts.period.begins')} value={weekly.at} onChange={(e) => e.currentTarget.value && set({ cron: fromWeekly({ ...weekly, at: e.currentTarget.value }) })} />
        ) : (
          <TextInput flex="1 1 160px" required label={t('alerts.period.cron')} placeholder="0 22 * * 1-5" styles={mono} value={p.cron} onChange={(e) => set({ cron: e.currentTarget.value })} />
        )}
        <NumberInput flex="1 1 120px" required label={t('alerts.period.hours')} min={1 / 60} max={744} value={p.hours} onChange={(hours) => set({ hours })} />
      </Group>
      {weekly && (
        <Group>
          <Button size="compact-xs" variant="subtle" onClick={() => setWanted(way === 'form' ? 'line' : 'form')}>
            {t(way === 'form' ? 'alerts.period.as_line' : 'alerts.period.as_form')}
          </Button>
        </Group>
      )}
    </>
  )
}

function Days({ weekly, change }: { weekly: Weekly; change: (weekly: Weekly) => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const chosen = weekly.days.length === 0 ? days : weekly.days
  return (
    <div>
      <Input.Label>{t('alerts.period.days')}</Input.Label>
      <Chip.Group multiple value={chosen.map(String)} onChange={(values) => values.length > 0 && change({ ...weekly, days: values.length === 7 ? [] : values.map(Number) })}>
        <Group gap={6} role="group" aria-label={t('alerts.period.days')}>
          {days.map((day) => (
            <Chip key={day} value={String(day)} size="xs">
              {dayName(day, language)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </div>
  )
}

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }
