import { Badge, Group, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Package } from '@/api/packages'

/** PackageState tells what is installed of a package, and how that differs from what its source has. */
export function PackageState({ package: p }: { package: Package }) {
  const { t } = useTranslation()
  const signs: { name: 'edited' | 'new_version' | 'changed' | 'older' | 'signed' | 'problem'; color?: string; on: boolean }[] = [
    { name: 'new_version', color: 'blue', on: p.new_version },
    { name: 'changed', color: 'blue', on: p.changed },
    { name: 'older', on: p.older },
    { name: 'edited', color: 'orange', on: p.installed?.edited ?? false },
    { name: 'signed', color: 'teal', on: p.signed ?? false },
    { name: 'problem', color: 'red', on: Boolean(p.problem) },
  ]
  return (
    <Group gap={4}>
      <Badge variant="default" tt="none" miw="max-content">
        {p.installed ? t('market.state.installed', { version: p.installed.version }) : t('market.state.absent')}
      </Badge>
      {signs
        .filter(({ on }) => on)
        .map(({ name, color }) => (
          <Tooltip key={name} label={name === 'problem' ? p.problem : t(`market.state.${name}_text`)} multiline maw={360}>
            <Badge variant="light" color={color ?? 'gray'} tt="none" miw="max-content" tabIndex={0} styles={{ label: { color: 'var(--mantine-color-text)' } }}>
              {t(`market.state.${name}`)}
            </Badge>
          </Tooltip>
        ))}
    </Group>
  )
}
