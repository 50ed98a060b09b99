import { ActionIcon, Button, CopyButton, Group, Textarea, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconLink, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDecide, type Decision } from '@/api/events'
import { useMay } from '@/api/session'
import type { Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { useAddress } from '@/components/useAddress'
import { oneOf } from '@/lib/address'
import { SilenceEvent } from './SilenceEvent'

type Asked = 'recover' | 'acknowledge' | 'not_leak'

// The link "Silence" of a message leads here, with its dialog open.
const shape = { silence: oneOf(['no', 'yes'], 'no') }

/** Actions are what a person may do about an event. */
export function Actions({ event: e }: { event: Schemas['Event'] }) {
  const { t } = useTranslation()
  const may = useMay('editor')
  const [asked, setAsked] = useState<Asked>()
  const [{ silence }, change] = useAddress(shape)
  const linked = silence === 'yes'
  const [silencing, setSilencing] = useState(false)
  const closeSilence = () => {
    setSilencing(false)
    if (linked) change({ silence: 'no' })
  }
  return (
    <Group gap="xs" className="no-print">
      {may && e.status === 'open' && (
        <>
          {!e.acknowledged_by && (
            <Button size="xs" variant="light" onClick={() => setAsked('acknowledge')}>
              {t('event.action.acknowledge')}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => setAsked('recover')}>
            {t('event.action.recover')}
          </Button>
        </>
      )}
      {may && (
        <Button size="xs" variant="default" onClick={() => setSilencing(true)}>
          {t('alerts.event.silence')}
        </Button>
      )}
      {may && !e.not_leak && e.object.kind !== 'check' && (
        <Button size="xs" variant="default" onClick={() => setAsked('not_leak')}>
          {t('event.action.not_leak')}
        </Button>
      )}
      <CopyButton value={`${location.origin}/events/${e.id}`}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('shell.action.copied') : t('event.action.link')}>
            <ActionIcon variant="default" size={30} onClick={copy} aria-label={t('event.action.link')}>
              {copied ? <IconCheck size={16} /> : <IconLink size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      <Tooltip label={t('event.action.print')}>
        <ActionIcon variant="default" size={30} visibleFrom="sm" onClick={() => window.print()} aria-label={t('event.action.print')}>
          <IconPrinter size={16} />
        </ActionIcon>
      </Tooltip>
      {asked && <Decide id={e.id} asked={asked} close={() => setAsked(undefined)} />}
      {may && (silencing || linked) && <SilenceEvent event={e} close={closeSilence} />}
    </Group>
  )
}

function Decide({ id, asked, close }: { id: string; asked: Asked; close: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const decide = useDecide(id)
  const decision: Decision = asked === 'not_leak' ? { kind: 'not-a-leak', reason: text } : { kind: asked, note: text }
  return (
    <Ask
      title={t(`event.action.${asked}`)}
      text={t(`event.action.${asked}_text`)}
      go={t(`event.action.${asked}`)}
      busy={decide.isPending}
      error={decide.error}
      typed={text.trim() !== ''}
      close={close}
      submit={() =>
        decide.mutate(decision, {
          onSuccess: () => {
            notifications.show({ color: 'teal', message: t('event.action.done') })
            close()
          },
        })
      }
    >
      <Textarea
        label={t(asked === 'not_leak' ? 'event.action.reason' : 'event.action.note')}
        required={asked === 'not_leak'}
        value={text}
        onChange={(c) => setText(c.currentTarget.value)}
        autosize
        minRows={2}
        data-autofocus
      />
    </Ask>
  )
}
