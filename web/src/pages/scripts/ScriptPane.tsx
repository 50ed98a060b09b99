import { Alert, Badge, Button, Group, Skeleton, Stack, Tabs, Text, Title, Tooltip } from '@mantine/core'
import { IconCloudUpload, IconDeviceFloppy } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useScript, type Script, type ScriptSet, type ScriptSummary, type Versioned } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Ask } from '@/components/Ask'
import { Failure } from '@/components/Failure'
import { When } from '@/components/When'
import { read, write } from '@/lib/address'
import { Changes } from './Changes'
import { Conflict } from './Conflict'
import { Draft } from './Draft'
import { More } from './More'
import { Publish } from './Publish'
import { parts, shape } from './shape'
import { useDraft } from './useDraft'
import { Versions } from './Versions'

type Props = { listed: ScriptSummary; set: ScriptSet }

/** ScriptPane is one script: its draft, what differs from what is published, and its versions. */
export function ScriptPane({ listed, set }: Props) {
  const script = useScript(listed.id)
  if (script.error && !script.data) return <Failure error={script.error} retry={() => void script.refetch()} />
  if (!script.data) return <Skeleton height={400} />
  return <Opened opened={script.data} listed={listed} set={set} />
}

function Opened({ opened, listed, set }: Props & { opened: Versioned<Script> }) {
  const { t } = useTranslation()
  const may = useMay('editor')
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const state = useMemo(() => read(shape, search), [search])
  const draft = useDraft(opened)
  const [publishing, setPublishing] = useState(false)
  const [discarding, setDiscarding] = useState(false)
  const [deciding, setDeciding] = useState(true)
  const name = `${set.name}__${listed.name}`
  const go = (next: Partial<typeof state>) => void navigate({ to: '/scripts/$id', params: { id: listed.id }, search: write(shape, { ...state, ...next }) as never, replace: true })
  const elsewhere = !draft.theirs && Date.parse(listed.draft_at) > Date.parse(draft.saved.draft_at)
  const save = async () => {
    if (!may || !draft.dirty) return
    setDeciding(true)
    if (!draft.theirs) await draft.save()
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2} miw={0}>
          <Group gap="xs">
            <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
              <bdi>{name}</bdi>
            </Title>
            <State draft={draft} />
          </Group>
          <Text size="xs" c="dimmed" component="div">
            {draft.saved.title && <bdi>{`${draft.saved.title} · `}</bdi>}
            {t('scripts.state.saved_by', { name: draft.saved.draft_by || '–' })} <When at={draft.saved.draft_at} />
            {draft.saved.number > 0 && (
              <>
                {' · '}
                {t('scripts.state.published_by', { name: draft.saved.published_by || '–' })} <When at={draft.saved.published_at} />
              </>
            )}
          </Text>
        </Stack>
        {may && (
          <Group gap="xs">
            <Button size="xs" variant="default" leftSection={<IconDeviceFloppy size={14} />} disabled={!draft.dirty} loading={draft.saving} onClick={() => void save()}>
              {t('shell.action.save')}
            </Button>
            <Button size="xs" leftSection={<IconCloudUpload size={14} />} disabled={draft.theirs !== undefined} onClick={() => setPublishing(true)}>
              {t('scripts.publish.go')}
            </Button>
            <More draft={draft} name={name} />
          </Group>
        )}
      </Group>
      {draft.restored && draft.dirty && !draft.theirs && (
        <Told text={t('scripts.restored')} action={t('scripts.discard')} act={() => setDiscarding(true)} />
      )}
      {elsewhere && (
        <Told text={t('scripts.elsewhere')} action={t(draft.dirty ? 'scripts.compare_both' : 'scripts.load_theirs')} act={() => void takeOrCompare()} />
      )}
      {draft.theirs && !deciding && <Told text={t('scripts.elsewhere')} action={t('scripts.compare_both')} act={() => setDeciding(true)} />}
      {draft.error && (
        <>
          <Failure error={draft.error} retry={() => void save()} />
          <Text size="sm">{t('scripts.not_saved')}</Text>
        </>
      )}
      <Tabs value={state.part} onChange={(part) => part && go({ part: part as (typeof parts)[number] })}>
        <Tabs.List mb="sm">
          {parts.map((part) => (
            <Tabs.Tab key={part} value={part}>
              {t(`scripts.part.${part}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="draft">
          <Draft script={draft.saved} set={set.name} text={draft.text} change={draft.setText} save={() => void save()} />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          {state.part === 'changes' && <Changes script={draft.saved} text={draft.text} from={state.from} to={state.to} choose={(from, to) => go({ from, to })} />}
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          {state.part === 'versions' && <Versions draft={draft} compare={(from) => go({ part: 'changes', from, to: 0 })} />}
        </Tabs.Panel>
      </Tabs>
      {publishing && <Publish draft={draft} name={name} set={set.name} close={() => setPublishing(false)} />}
      {draft.theirs && deciding && <Conflict draft={draft} theirs={draft.theirs} close={() => setDeciding(false)} />}
      {discarding && (
        <Ask
          title={t('scripts.discard_title')}
          text={t('scripts.discard_text')}
          go={t('scripts.discard')}
          danger
          busy={false}
          error={null}
          close={() => setDiscarding(false)}
          submit={() => {
            draft.discard()
            setDiscarding(false)
          }}
        />
      )}
    </Stack>
  )

  async function takeOrCompare() {
    setDeciding(true)
    await draft.look()
  }
}

function Told({ text, action, act }: { text: string; action: string; act: () => void }) {
  return (
    <Alert color="orange" role="status" py="xs">
      <Group justify="space-between">
        {text}
        <Button size="compact-sm" variant="default" onClick={act}>
          {action}
        </Button>
      </Group>
    </Alert>
  )
}

function State({ draft }: { draft: ReturnType<typeof useDraft> }) {
  const { t } = useTranslation()
  const { number, draft: text, code } = draft.saved
  const [color, label, help] = draft.dirty
    ? ['orange', t('scripts.state.unsaved'), t('scripts.state.unsaved_text')]
    : number === 0
      ? ['gray', t('scripts.state.new'), undefined]
      : text !== code
        ? ['yellow', t('scripts.state.draft'), t('scripts.state.draft_text', { number })]
        : ['teal', t('scripts.state.published', { number }), t('scripts.state.published_text')]
  return (
    <Tooltip label={help} disabled={!help}>
      <Badge variant="light" color={color} tt="none" tabIndex={help ? 0 : undefined} styles={{ label: { color: 'var(--mantine-color-text)' } }} data-testid="script-state">
        {label}
      </Badge>
    </Tooltip>
  )
}
