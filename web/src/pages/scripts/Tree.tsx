import { ActionIcon, Badge, Group, Menu, NavLink, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePackages } from '@/api/packages'
import { useDeleteSet, type ScriptSet, type ScriptSummary } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Ask } from '@/components/Ask'
import { NewScript } from './NewScript'
import { SetForm } from './SetForm'
import { branches } from './tree'

type Props = { sets: ScriptSet[]; scripts: ScriptSummary[]; open: string }
type Asked = { what: 'script' | 'edit' | 'delete'; set: ScriptSet }

/** Tree lists the sets with their scripts, own ones before those of packages. */
export function Tree({ sets, scripts, open }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const may = useMay('editor')
  const [find, setFind] = useState('')
  const [asked, setAsked] = useState<Asked>()
  const remove = useDeleteSet()
  const close = () => setAsked(undefined)
  const found = branches(sets, scripts, find)
  return (
    <Stack gap="xs" role="region" aria-label={t('scripts.sets')}>
      <TextInput size="xs" aria-label={t('scripts.find')} placeholder={t('scripts.find')} value={find} onChange={(e) => setFind(e.currentTarget.value)} />
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('scripts.nothing_found')}
        </Text>
      )}
      {found.map(({ set, scripts: own }) => (
        <div key={set.id}>
          <Group gap={4} wrap="nowrap" justify="space-between">
            <Tooltip label={set.title || set.name} disabled={!set.title} position="top-start">
              <Text size="sm" fw={600} truncate>
                <bdi>{set.name}</bdi>
              </Text>
            </Tooltip>
            <Group gap={4} wrap="nowrap">
              {set.package && <Origin set={set} />}
              {may && <Actions set={set} ask={(what) => setAsked({ what, set })} />}
            </Group>
          </Group>
          {own.length === 0 && (
            <Text size="xs" c="dimmed" pl="sm">
              {t('scripts.empty_set')}
            </Text>
          )}
          {own.map((script) => (
            <NavLink
              key={script.id}
              component={Link}
              to={`/scripts/${script.id}`}
              label={<bdi>{script.name}</bdi>}
              description={script.title || undefined}
              active={script.id === open}
              aria-current={script.id === open ? 'page' : undefined}
              rightSection={<State script={script} />}
              py={4}
            />
          ))}
        </div>
      ))}
      {asked?.what === 'script' && <NewScript set={asked.set} close={close} />}
      {asked?.what === 'edit' && <SetForm set={asked.set} close={close} />}
      {asked?.what === 'delete' && (
        <Ask
          title={t('scripts.set.delete_title', { name: asked.set.name })}
          text={t('scripts.set.delete_text')}
          go={t('scripts.set.delete')}
          danger
          busy={remove.isPending}
          error={remove.error}
          close={close}
          submit={() =>
            remove.mutate(asked.set.id, {
              onSuccess: () => {
                if (scripts.some((s) => s.id === open && s.set_id === asked.set.id)) void navigate({ to: '/scripts' })
                close()
              },
            })
          }
        />
      )}
    </Stack>
  )
}

function Actions({ set, ask }: { set: ScriptSet; ask: (what: Asked['what']) => void }) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('scripts.actions', { name: set.name })}>
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => ask('script')}>
          {t('scripts.script.new')}
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => ask('edit')}>
          {t('scripts.set.change')}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => ask('delete')}>
          {t('scripts.set.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

// Where a set of a package comes from, whether it is as it was installed, and whether there is a newer one.
function Origin({ set }: { set: ScriptSet }) {
  const { t } = useTranslation()
  const { name, version } = set.package!
  const known = usePackages().data?.items.filter((p) => p.installed?.set_id === set.id) ?? []
  const edited = known.some((p) => p.installed?.edited)
  const newer = known.some((p) => p.new_version)
  const label = [t('scripts.set.from_package', { name, version }), edited && t('scripts.set.edited_text'), newer && t('scripts.set.newer_text')].filter(Boolean).join(' ')
  return (
    <Tooltip label={label} multiline maw={320}>
      <Badge size="xs" variant="light" color={newer ? 'blue' : edited ? 'orange' : 'gray'} tt="none" tabIndex={0} styles={{ label: { color: 'var(--mantine-color-text)' } }}>
        {newer ? t('scripts.set.newer') : edited ? t('scripts.set.edited') : version}
      </Badge>
    </Tooltip>
  )
}

function State({ script }: { script: ScriptSummary }) {
  const { t } = useTranslation()
  const changed = script.number > 0 && script.changed
  return (
    <Badge size="xs" variant={script.number > 0 && !changed ? 'default' : 'light'} color={changed ? 'orange' : 'gray'} tt="none" styles={{ label: { color: 'var(--mantine-color-text)' } }}>
      {script.number === 0 ? t('scripts.state.new') : changed ? t('scripts.state.draft') : `v${script.number}`}
    </Badge>
  )
}
