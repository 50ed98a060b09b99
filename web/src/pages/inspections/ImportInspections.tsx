import { Alert, Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { SaveFailure } from '@/components/SaveFailure'
import { useDiscard } from '@/components/useDiscard'

/** ImportInspections takes inspections from YAML, after a look at what would change. */
export function ImportInspections({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [yaml, setYaml] = useState('')
  const typed = yaml.trim() !== ''
  const { asking, leave, question } = useDiscard(typed, close)
  const take = useMutation({
    mutationFn: (dry_run: boolean) =>
      unwrap(
        api.POST('/api/v1/inspections/import', {
          params: { query: { dry_run } },
          headers: { 'Content-Type': 'application/yaml' },
          body: yaml,
          bodySerializer: (text) => text,
        }),
      ),
    onSuccess: (_, dry_run) => {
      if (dry_run) return
      notifications.show({ color: 'teal', message: t('inspections.imported') })
      void client.invalidateQueries({ queryKey: ['inspections'] })
      close()
    },
  })
  return (
    <Modal opened onClose={leave} closeOnClickOutside={!typed} closeOnEscape={!asking} title={t('inspections.import')} size="lg">
      <Stack>
        <Text size="sm">{t('inspections.import_text')}</Text>
        <Textarea
          aria-label={t('inspections.import')}
          value={yaml}
          onChange={(e) => {
            setYaml(e.currentTarget.value)
            take.reset()
          }}
          autosize
          minRows={10}
          maxRows={24}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          data-autofocus
        />
        <SaveFailure error={take.error} />
        {take.data && (
          <Alert color="teal" title={t('inspections.import_checked')}>
            <List size="sm">
              {(['added', 'updated', 'unchanged'] as const).flatMap((change) =>
                take.data![change].map((name) => <List.Item key={name}>{`${name}: ${t(`inspections.change.${change}`)}`}</List.Item>),
              )}
            </List>
          </Alert>
        )}
        <Group justify="end">
          <Button variant="default" onClick={leave}>
            {t('shell.action.cancel')}
          </Button>
          <Button variant="default" disabled={!typed} loading={take.isPending && take.variables} onClick={() => take.mutate(true)}>
            {t('inspections.import_check')}
          </Button>
          <Button disabled={!typed} loading={take.isPending && !take.variables} onClick={() => take.mutate(false)}>
            {t('inspections.import')}
          </Button>
        </Group>
      </Stack>
      {question}
    </Modal>
  )
}
