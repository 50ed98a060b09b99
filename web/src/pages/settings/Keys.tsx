import { Alert, Badge, Button, Code, Group, Modal, MultiSelect, Stack, Switch, Table, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, type Schemas } from '@/api/client'
import { Ask } from '@/components/Ask'
import { Copy } from '@/components/Copy'
import { Listed } from '@/components/Listed'
import { useAddress } from '@/components/useAddress'
import { When } from '@/components/When'
import { oneOf } from '@/lib/address'

type Scope = 'ingest' | 'read' | 'write' | 'admin'
const shape = { revoked: oneOf(['no', 'yes'], 'no') }
const scopes: Scope[] = ['ingest', 'read', 'write', 'admin']

/** Keys let programs in: made once, shown once, revoked for good. */
export function Keys() {
  const { t } = useTranslation()
  const [{ revoked: wanted }, change] = useAddress(shape)
  const revoked = wanted === 'yes'
  const [making, setMaking] = useState(false)
  const [asked, setAsked] = useState<Schemas['Key']>()
  const keys = useQuery({ queryKey: ['settings', 'keys', revoked], queryFn: () => unwrap(api.GET('/api/v1/keys', { params: { query: { revoked } } })) })
  const revoke = useChange((id: string) => unwrap(api.DELETE('/api/v1/keys/{id}', { params: { path: { id } } })), ['settings', 'keys'])
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Switch label={t('settings.keys.show_revoked')} checked={revoked} onChange={(e) => change({ revoked: e.currentTarget.checked ? 'yes' : 'no' })} />
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
          {t('settings.keys.new')}
        </Button>
      </Group>
      <Listed
        query={keys}
        label={t('settings.tab.keys')}
        columns={[t('settings.keys.name'), t('settings.keys.scopes'), t('settings.keys.created'), t('settings.keys.used'), t('settings.keys.state_label'), '']}
        empty={{ title: t('settings.keys.none'), text: t('settings.keys.none_text') }}
        width={700}
        row={(key) => (
          <Table.Tr key={key.id}>
            <Table.Td>
              <bdi>{key.name}</bdi>
              <Text size="xs" c="dimmed" ff="monospace">
                {key.id}
              </Text>
            </Table.Td>
            <Table.Td>{key.scopes.map((scope) => t(`domain.scope.${scope as Scope}`)).join(', ')}</Table.Td>
            <Table.Td>
              <When at={key.created_at} />
            </Table.Td>
            <Table.Td>
              <When at={key.last_used_at} />
            </Table.Td>
            <Table.Td>
              <Badge variant="default" tt="none" miw="max-content">
                {t(`settings.keys.state.${key.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              {key.state === 'active' && (
                <Button size="compact-xs" variant="default" onClick={() => setAsked(key)}>
                  {t('settings.keys.revoke')}
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {making && <NewKey close={() => setMaking(false)} />}
      {asked && (
        <Ask
          title={t('settings.keys.revoke_title', { name: asked.name })}
          text={t('settings.keys.revoke_text')}
          go={t('settings.keys.revoke')}
          danger
          busy={revoke.isPending}
          error={revoke.error}
          close={() => setAsked(undefined)}
          submit={() => revoke.mutate(asked.id, { onSuccess: () => setAsked(undefined) })}
        />
      )}
    </Stack>
  )
}

function NewKey({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>(['ingest'])
  const [expires, setExpires] = useState('')
  const make = useChange((body: Schemas['AddKeyInputBody']) => unwrap(api.POST('/api/v1/keys', { body })), ['settings', 'keys'])
  if (make.data) return <Made made={make.data} close={close} />
  return (
    <Ask
      title={t('settings.keys.new')}
      go={t('settings.keys.new')}
      busy={make.isPending}
      error={make.error}
      disabled={name.trim() === '' || chosen.length === 0}
      close={close}
      submit={() =>
        make.mutate({
          name: name.trim(),
          scopes: chosen as Scope[],
          expires_at: expires === '' ? undefined : new Date(`${expires}T23:59:59`).toISOString(),
        })
      }
    >
      <TextInput label={t('settings.keys.name')} required value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus />
      <MultiSelect label={t('settings.keys.scopes')} required data={scopes.map((value) => ({ value, label: t(`domain.scope.${value}`) }))} value={chosen} onChange={setChosen} />
      <TextInput type="date" label={t('settings.keys.expires')} value={expires} onChange={(e) => setExpires(e.currentTarget.value)} />
    </Ask>
  )
}

function Made({ made, close }: { made: Schemas['NewKey']; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={close} title={t('settings.keys.made')} centered size="lg" closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        <Alert color="yellow">{t('settings.keys.once')}</Alert>
        <Secret name={t('settings.keys.bearer')} value={made.bearer} />
        {made.token && <Secret name={t('settings.keys.token')} value={made.token} />}
        <Group justify="end">
          <Button onClick={close}>{t('shell.action.close')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Secret({ name, value }: { name: string; value: string }) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {name}
      </Text>
      <Group wrap="nowrap" gap="xs">
        <Code flex={1} style={{ overflowWrap: 'anywhere' }} data-secret>
          {value}
        </Code>
        <Copy value={value} />
      </Group>
    </Stack>
  )
}
