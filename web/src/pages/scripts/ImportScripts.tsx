import { Alert, Badge, FileInput, Group, ScrollArea, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useImport } from '@/api/scripts'
import { Ask } from '@/components/Ask'

const colors = { added: 'teal', updated: 'blue', unchanged: 'gray' } as const

/** ImportScripts takes a file that was exported: what would change is shown, then it is asked for. */
export function ImportScripts({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const [file, setFile] = useState<File | null>(null)
  const [content, setContent] = useState<unknown>()
  const [unreadable, setUnreadable] = useState(false)
  const check = useImport()
  const take = useImport()
  const items = check.data?.items ?? []
  const changes = items.some((i) => i.action === 'added' || i.action === 'updated')

  async function choose(next: File | null) {
    setFile(next)
    setContent(undefined)
    setUnreadable(false)
    check.reset()
    take.reset()
    if (!next) return
    try {
      const read: unknown = JSON.parse(await next.text())
      setContent(read)
      check.mutate({ file: read, check: true })
    } catch {
      setUnreadable(true)
    }
  }

  return (
    <Ask
      title={t('scripts.imported.title')}
      text={t('scripts.imported.text')}
      go={t('scripts.imported.go')}
      busy={take.isPending || check.isPending}
      error={take.error ?? check.error}
      disabled={!check.data?.ok || !changes}
      close={close}
      submit={() =>
        take.mutate(
          { file: content, check: false },
          {
            onSuccess: (answer) => {
              if (!answer.ok) return check.mutate({ file: content, check: true }) // it changed meanwhile
              notifications.show({ color: 'teal', message: t('scripts.imported.done') })
              close()
            },
          },
        )
      }
    >
      <FileInput
        label={t('scripts.imported.file')}
        placeholder={t('scripts.imported.choose')}
        accept="application/json,.json"
        clearable
        value={file}
        error={unreadable && t('scripts.imported.no_json')}
        onChange={(next) => void choose(next)}
      />
      {check.data && (
        <Alert color={check.data.ok ? 'teal' : 'red'} title={t(check.data.ok ? 'scripts.imported.checked' : 'scripts.imported.problems')} role={check.data.ok ? 'status' : 'alert'}>
          {check.data.ok && !changes && <Text size="sm">{t('scripts.imported.nothing')}</Text>}
          <ScrollArea.Autosize mah={300}>
            <Stack gap={4}>
              {items.map((item) => (
                <Group key={`${item.kind} ${item.name}`} gap="xs" wrap="nowrap" align="flex-start">
                  <Badge size="sm" variant="light" color={item.action ? colors[item.action] : 'red'} tt="none" miw="max-content" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
                    {t(`scripts.imported.action.${item.action ?? 'problem'}`)}
                  </Badge>
                  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {`${t(`scripts.imported.kind.${item.kind}`)} `}
                    <bdi>{item.name}</bdi>
                    {item.problem && `: ${item.problem}`}
                  </Text>
                </Group>
              ))}
            </Stack>
          </ScrollArea.Autosize>
        </Alert>
      )}
    </Ask>
  )
}
