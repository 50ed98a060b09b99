import { Code, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { usePreview } from '@/api/alerts'
import type { Schemas } from '@/api/client'
import { session } from '@/api/session'
import { Failure } from '@/components/Failure'
import { Markdown } from '@/components/Markdown'
import { asShown } from '@/components/notice'
import { EventChoice, useEventChoice } from './EventChoice'
import type { TargetDraft } from './target'

const typing = 400 // ms until what is typed is shown
const fields =
  'Workspace Inspection Policy Reason ReasonName Status Level LevelName Count Objects EventID Host Kind Name Namespace Culprit Cause Used Growth Onset OpenedAt RecoveredAt ExhaustionAt TimeLeft KilledAt Confidence Suspects Labels Summary ToDo ID Key Language Recovered Short Title Text Markdown URL SilenceURL AckURL PictureURL'

type Props = { draft: TargetDraft; change: (part: Partial<TargetDraft>) => void }

/** Templates writes a target's own texts, and shows beside them what they make of a real event. */
export function Templates({ draft, change }: Props) {
  const { t } = useTranslation()
  const set = (name: keyof TargetDraft['templates'], value: string) => change({ templates: { ...draft.templates, [name]: value || undefined } })
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('alerts.target.templates_text')}
      </Text>
      <Code block style={{ whiteSpace: 'normal' }} fz="xs">
        {fields.split(' ').map((field) => (
          <span key={field}>{`{{.${field}}} `}</span>
        ))}
      </Code>
      <TextInput label={t('alerts.target.short')} value={draft.templates.short ?? ''} onChange={(e) => set('short', e.currentTarget.value)} />
      <TextInput label={t('alerts.target.title_template')} value={draft.templates.title ?? ''} onChange={(e) => set('title', e.currentTarget.value)} />
      <Textarea label={t('alerts.target.body')} autosize minRows={4} maxRows={14} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} value={draft.templates.body ?? ''} onChange={(e) => set('body', e.currentTarget.value)} />
      <PreviewOf draft={draft} />
    </Stack>
  )
}

function PreviewOf({ draft }: { draft: TargetDraft }) {
  const { t } = useTranslation()
  const { none, ...choice } = useEventChoice()
  const { event } = choice
  const [shown] = useDebouncedValue(draft, typing)
  const preview = usePreview(event, shown.language, shown.templates)
  if (none) {
    return (
      <Text size="sm" c="dimmed">
        {t('alerts.preview.no_event')}
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      <EventChoice {...choice} />
      {preview.error && <Failure error={preview.error} />}
      {preview.data && <Message message={preview.data} event={event!} />}
    </Stack>
  )
}

function Message({ message, event }: { message: Schemas['Preview']; event: string }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="sm" radius="md" component="section" aria-label={t('alerts.preview.title')} lang={message.language}>
      <Stack gap="xs">
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {message.short}
        </Text>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {message.title}
        </Text>
        <Markdown text={asShown(message.markdown)} />
        {message.picture && <img src={`/api/v1/events/${event}/picture.png?workspace=${session.get().workspace ?? ''}`} alt={t('alerts.preview.picture')} style={{ maxWidth: '100%' }} />}
      </Stack>
    </Paper>
  )
}
