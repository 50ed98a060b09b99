import { Select, Stack, Tabs } from '@mantine/core'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Forbidden } from './Forbidden'
import { Heading } from './Heading'

type Props = {
  title: string
  base: string
  parts: { name: string; label: string }[]
  needs?: Record<string, 'owner' | 'administrator'> // who may see the others
}

/** Parts is the frame of a page with the parts that a person may see; each has an address of its own below base. */
export function Parts({ title, base, parts, needs = {} }: Props) {
  const navigate = useNavigate()
  const part = useRouterState({ select: (s) => s.location.pathname.split('/')[2] || parts[0]!.name })
  return (
    <Stack gap="sm">
      <Heading name={title} tab={[parts.find(({ name }) => name === part)?.label, title].filter(Boolean).join(' · ')} />
      <Tabs value={part} onChange={(to) => void navigate({ to: `${base}/${to}` as never })} keepMounted={false}>
        <Select
          hiddenFrom="sm"
          mb="md"
          aria-label={title}
          data={parts.map(({ name, label }) => ({ value: name, label }))}
          value={part}
          allowDeselect={false}
          onChange={(to) => to && void navigate({ to: `${base}/${to}` as never })}
        />
        <Tabs.List mb="md" visibleFrom="sm">
          {parts.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part}>
          {parts.some(({ name }) => name === part) ? <Outlet /> : <Forbidden needs={needs[part] ?? 'owner'} />}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
