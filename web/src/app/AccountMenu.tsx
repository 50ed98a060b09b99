import { Button, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, unwrap } from '@/api/client'
import { session, useAccess } from '@/api/session'
import { useLanguage } from '@/components/useLanguage'
import { languages, speak } from '@/i18n'
import type { Language } from '@/lib/format'

/** AccountMenu holds what belongs to the person: workspace, language, dark or light, password, sign-out. */
export function AccountMenu() {
  const { t } = useTranslation()
  const language = useLanguage()
  const { session: s, workspace } = useAccess()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const client = useQueryClient()
  const leave = useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/session')),
    onSettled: () => {
      client.clear()
      session.left()
    },
  })
  const name = s?.user?.name ?? ''
  return (
    <Menu position="bottom-end" width={240} closeOnItemClick={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconUser size={16} />}
          rightSection={<IconChevronDown size={14} />}
          aria-label={t('shell.account.open', { name })}
        >
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {s && s.workspaces.length > 1 && (
          <>
            <Menu.Label>{t('shell.account.workspace')}</Menu.Label>
            {s.workspaces.map((w) => (
              <Menu.Item
                key={w.id}
                rightSection={w.id === workspace && <IconCheck size={14} />}
                onClick={() => {
                  session.enter(w.id)
                  client.clear()
                }}
              >
                {w.name}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Label>{t('shell.account.language')}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('shell.account.language')}
          data={languages.map(({ code, name: label }) => ({ value: code, label }))}
          value={language}
          onChange={(value) => void speak(value as Language).then(() => client.invalidateQueries())}
        />
        <Menu.Label>{t('shell.account.scheme')}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('shell.account.scheme')}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`shell.account.${value}`) }))}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
        />
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings/password" closeMenuOnClick>
          {t('shell.account.password')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave.mutate()}>
          {t('shell.account.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
