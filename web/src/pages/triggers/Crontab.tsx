import { Group, Input, List, MultiSelect, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNextRuns } from '@/api/triggers'
import { useLanguage } from '@/components/useLanguage'
import { useNow } from '@/components/useNow'
import { ago, inZone } from '@/lib/format'
import { fields, fromChoice, toChoice, valuesOf, type Field } from './cron'

type Props = { line: string; zone: string; fixed: boolean; change: (line: string) => void }

/** Crontab says when a trigger runs: by choosing values, or as a line; read-only where the script fixes it. */
export function Crontab({ line, zone, fixed, change }: Props) {
  const { t } = useTranslation()
  const choice = toChoice(line)
  const [wanted, setWanted] = useState<'form' | 'line'>(choice ? 'form' : 'line')
  const way = choice ? wanted : 'line' // what has no form is written
  return (
    <Stack gap="xs">
      {fixed ? (
        <TextInput label={t('triggers.form.schedule')} description={t('triggers.form.fixed')} readOnly value={line} styles={mono} />
      ) : (
        <>
          <Group justify="space-between">
            <Input.Label>{t('triggers.form.schedule')}</Input.Label>
            <SegmentedControl
              size="xs"
              aria-label={t('triggers.form.way')}
              data={[
                { value: 'form', label: t('triggers.form.by_form'), disabled: !choice },
                { value: 'line', label: t('triggers.form.by_line') },
              ]}
              value={way}
              onChange={(value) => setWanted(value as typeof wanted)}
            />
          </Group>
          {way === 'form' && choice ? (
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
              {fields.map((field) => (
                <Values key={field} field={field} chosen={choice[field]} change={(values) => change(fromChoice({ ...choice, [field]: values }))} />
              ))}
              <TextInput label={t('triggers.form.as_line')} data-path="schedule" readOnly value={line} styles={mono} />
              {choice.day.length > 0 && choice.weekday.length > 0 && (
                <Text size="sm" c="dimmed">
                  {t('triggers.form.either')}
                </Text>
              )}
            </SimpleGrid>
          ) : (
            <TextInput
              data-path="schedule"
              aria-label={t('triggers.form.schedule')}
              description={t('inspection.schedule_text')}
              required
              value={line}
              onChange={(e) => change(e.currentTarget.value)}
              styles={mono}
            />
          )}
        </>
      )}
      <Next line={line} zone={zone} />
    </Stack>
  )
}

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }

function Values({ field, chosen, change }: { field: Field; chosen: number[]; change: (values: number[]) => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const name = (value: number) => {
    if (field === 'month') return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, value - 1, 1))
    // 1 March 2026 is a Sunday.
    if (field === 'weekday') return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 2, 1 + value))
    return String(value)
  }
  return (
    <MultiSelect
      label={t(`triggers.form.${field}`)}
      placeholder={chosen.length === 0 ? t(`triggers.form.every.${field}`) : undefined}
      data={valuesOf(field).map((value) => ({ value: String(value), label: name(value) }))}
      value={chosen.map(String)}
      onChange={(values) => change(values.map(Number))}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('triggers.form.clear', { field: t(`triggers.form.${field}`) }) }}
      maxDropdownHeight={240}
    />
  )
}

const typing = 300 // ms until the times are asked for again

// Next are the times at which the schedule would come, as the server reckons them.
function Next({ line, zone }: { line: string; zone: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const now = useNow()
  const [settled] = useDebouncedValue(line, typing)
  const next = useNextRuns(settled, zone)
  return (
    <Stack gap={2} mih={90} aria-live="polite">
      {next.error && (
        <Text size="sm" c="red">
          {next.error.message}
        </Text>
      )}
      {next.data?.problem && (
        <Text size="sm" c="red">
          {next.data.problem}
        </Text>
      )}
      {next.data && next.data.times.length > 0 && (
        <>
          <Text size="sm">{t('triggers.form.next')}</Text>
          <List size="sm" listStyleType="none">
            {next.data.times.map((time) => (
              <List.Item key={time}>
                {inZone(new Date(time), zone, language)} <Text span inherit c="dimmed" children={`· ${ago(new Date(time), now, language)}`} />
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  )
}
