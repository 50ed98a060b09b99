import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRevert, useVersions } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Ask } from '@/components/Ask'
import { Listed } from '@/components/Listed'
import { When } from '@/components/When'
import type { useDraft } from './useDraft'

type Props = { draft: ReturnType<typeof useDraft>; compare: (number: number) => void }

/** Versions are what a script published: each can be compared with the draft, and be gone back to. */
export function Versions({ draft, compare }: Props) {
  const { t } = useTranslation()
  const may = useMay('editor')
  const script = draft.saved
  const versions = useVersions(script.id)
  const revert = useRevert(script.id)
  const [back, setBack] = useState<number>()
  return (
    <>
      <Listed
        query={versions}
        label={t('scripts.part.versions')}
        columns={[t('scripts.versions.number'), t('scripts.versions.at'), t('scripts.versions.by'), t('scripts.versions.note'), '']}
        empty={{ title: t('scripts.versions.none'), text: t('scripts.versions.none_text') }}
        width={560}
        row={(v) => (
          <Table.Tr key={v.number}>
            <Table.Td>
              <Group gap="xs" wrap="nowrap">
                {v.number}
                {v.number === script.number && (
                  <Badge size="sm" variant="default" tt="none" miw="max-content">
                    {t('scripts.versions.current')}
                  </Badge>
                )}
              </Group>
            </Table.Td>
            <Table.Td>
              <When at={v.at} />
            </Table.Td>
            <Table.Td>
              <bdi>{v.by || '–'}</bdi>
            </Table.Td>
            <Table.Td>
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {v.note || '–'}
              </Text>
            </Table.Td>
            <Table.Td>
              <Group gap="xs" justify="end" wrap="nowrap">
                <Button size="compact-xs" variant="default" onClick={() => compare(v.number)}>
                  {t('scripts.versions.compare')}
                </Button>
                {may && (
                  <Button size="compact-xs" variant="default" onClick={() => setBack(v.number)}>
                    {t('scripts.versions.back')}
                  </Button>
                )}
              </Group>
            </Table.Td>
          </Table.Tr>
        )}
      />
      {back !== undefined && (
        <Ask
          title={t('scripts.versions.back_title', { number: back })}
          text={t('scripts.versions.back_text')}
          go={t('scripts.versions.back')}
          busy={revert.isPending}
          error={revert.error}
          close={() => setBack(undefined)}
          submit={() =>
            revert.mutate(
              { version: draft.version, number: back },
              {
                onSuccess: (now) => {
                  draft.take(now)
                  notifications.show({ color: 'teal', message: t('scripts.versions.back_done', { number: back }) })
                  setBack(undefined)
                },
              },
            )
          }
        />
      )}
    </>
  )
}
