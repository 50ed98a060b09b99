import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Script, Versioned } from '@/api/scripts'
import { Failure } from '@/components/Failure'
import { Compare } from './code/Compare'
import type { useDraft } from './useDraft'

type Props = { draft: ReturnType<typeof useDraft>; theirs: Versioned<Script>; close: () => void }

/** Conflict shows two drafts of one script; the person chooses one, or puts both together. */
export function Conflict({ draft, theirs, close }: Props) {
  const { t } = useTranslation()
  const [mine] = useState(draft.text)
  const [merged, setMerged] = useState(draft.text)
  return (
    <Modal opened onClose={close} title={t('scripts.conflict.title')} size="min(1400px, 96vw)" closeOnClickOutside={false}>
      <Stack>
        <Text size="sm">{t('scripts.conflict.text', { name: theirs.data.draft_by || t('scripts.conflict.somebody') })}</Text>
        <Compare before={{ label: t('scripts.conflict.theirs'), text: theirs.data.draft }} after={{ label: t('scripts.conflict.mine'), text: mine }} change={setMerged} />
        {draft.error && <Failure error={draft.error} />}
        <Group justify="end">
          <Button
            variant="default"
            onClick={() => {
              draft.setText(merged)
              close()
            }}
          >
            {t('scripts.conflict.later')}
          </Button>
          <Button variant="default" onClick={() => draft.take(theirs)}>
            {t('scripts.conflict.take_theirs')}
          </Button>
          <Button loading={draft.saving} onClick={() => void draft.resolve(merged)}>
            {t('scripts.conflict.save_mine')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
