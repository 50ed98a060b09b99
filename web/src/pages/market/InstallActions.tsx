import { Alert, Button, Checkbox, Group, List } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useInstall, useUninstall, type PackageDetail } from '@/api/packages'
import { Ask } from '@/components/Ask'
import { Delete } from '@/components/Delete'

type Way = 'install' | 'upgrade' | 'reinstall' | 'downgrade'

/** wayOf is what installing a package would be, seen from what is installed. */
const wayOf = (p: PackageDetail): Way => (!p.installed ? 'install' : p.new_version ? 'upgrade' : p.older ? 'downgrade' : 'reinstall')

/** InstallActions install a package, or delete it; what will happen is said first. */
export function InstallActions({ package: p }: { package: PackageDetail }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<'install' | 'delete'>()
  const remove = useUninstall()
  const way = wayOf(p)
  const offered = p.source !== 'installed' && !p.problem // its source still has it
  return (
    <Group gap="xs">
      {offered && (
        <Button size="xs" variant={way === 'install' || way === 'upgrade' ? 'filled' : 'default'} leftSection={<IconDownload size={14} />} onClick={() => setAsked('install')}>
          {t(`market.way.${way}.go`, { version: p.version })}
        </Button>
      )}
      {p.installed && (
        <Button size="xs" variant="default" color="red" leftSection={<IconTrash size={14} />} onClick={() => setAsked('delete')}>
          {t('shell.action.delete')}
        </Button>
      )}
      {asked === 'install' && <Install package={p} way={way} close={() => setAsked(undefined)} />}
      {asked === 'delete' && <Delete name={p.name} id={p.name} text={t('market.delete_text')} remove={remove} close={() => setAsked(undefined)} />}
    </Group>
  )
}

function Install({ package: p, way, close }: { package: PackageDetail; way: Way; close: () => void }) {
  const { t } = useTranslation()
  const install = useInstall()
  const [force, setForce] = useState(false)
  const edited = p.installed?.edited ?? false
  const forced = edited || way === 'downgrade'
  return (
    <Ask
      title={t(`market.way.${way}.title`, { name: p.name, version: p.version })}
      go={t(`market.way.${way}.go`, { version: p.version })}
      danger={forced}
      busy={install.isPending}
      error={install.error}
      disabled={forced && !force}
      close={close}
      submit={() =>
        install.mutate(
          { source: p.source, name: p.name, force },
          {
            onSuccess: () => {
              notifications.show({ color: 'teal', message: t('market.done', { name: p.name, version: p.version }) })
              close()
            },
          },
        )
      }
    >
      <List size="sm" spacing={4}>
        <List.Item>{t(`market.way.${way}.text`, { name: p.name, version: p.version, installed: p.installed?.version ?? '' })}</List.Item>
        {way === 'install' && p.startup && <List.Item>{t('market.then')}</List.Item>}
        {way !== 'install' && p.startup && <List.Item>{t('market.stays')}</List.Item>}
      </List>
      {edited && <Alert color="orange">{t('market.edited_text')}</Alert>}
      {forced && <Checkbox label={t(edited ? 'market.force_edited' : 'market.force_older')} checked={force} onChange={(e) => setForce(e.currentTarget.checked)} />}
    </Ask>
  )
}
