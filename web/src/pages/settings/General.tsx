import { ActionIcon, Button, Group, NumberInput, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap, versioned, type Schemas } from '@/api/client'
import { useMay } from '@/api/session'
import { Loaded } from '@/components/Loaded'
import { SaveFailure } from '@/components/SaveFailure'
import { Section } from '@/components/Section'

const kinds = ['logs', 'metrics', 'traces', 'containers', 'processes', 'security', 'visits', 'availability', 'ci', 'other'] as const

/** General is what holds for the whole workspace: levels, and where events link to. */
export function General() {
  const settings = useQuery({
    queryKey: ['edited settings'], // live updates must not take away what is typed
    queryFn: () => versioned(api.GET('/api/v1/settings')),
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Loaded query={settings} waiting={<Skeleton height={360} />}>
      {({ data, version }) => <Editor key={version} settings={data} version={version} reload={() => void settings.refetch()} />}
    </Loaded>
  )
}

function Editor({ settings, version, reload }: { settings: Schemas['Settings']; version: string; reload: () => void }) {
  const { t } = useTranslation()
  const may = useMay('owner')
  const form = useForm({ initialValues: { levels: settings.levels, links: settings.links } })
  const save = useChange(
    (body: Schemas['Settings']) => unwrap(api.PUT('/api/v1/settings', { params: { header: { 'If-Match': version } }, body })),
    ['edited settings'],
    ['settings'],
    ['events'],
  )
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ ...settings, ...values }, { onSuccess: () => notifications.show({ color: 'teal', message: t('settings.general.saved') }) }))}>
      <fieldset disabled={!may} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack>
          <Section title={t('settings.general.levels')}>
            <Text size="sm" c="dimmed">
              {t('settings.general.levels_text')}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
              {(['critical_hours', 'error_hours', 'critical_percent', 'error_percent'] as const).map((name) => (
                <NumberInput key={name} label={t(`inspection.level.${name}`)} min={0} max={name.endsWith('percent') ? 100 : 87_600} {...form.getInputProps(`levels.${name}`)} />
              ))}
            </SimpleGrid>
          </Section>
          <Section title={t('settings.general.links')}>
            <Text size="sm" c="dimmed">
              {t('settings.general.links_text')}
            </Text>
            {form.values.links.map((link, i) => (
              <Group key={i} gap="xs" align="end">
                <TextInput label={t('settings.general.link_name')} required flex="1 1 120px" maw={{ sm: 180 }} {...form.getInputProps(`links.${i}.name`)} />
                <Select
                  label={t('settings.general.link_for')}
                  flex="1 1 120px"
                  maw={{ sm: 150 }}
                  allowDeselect={false}
                  data={kinds.map((value) => ({ value, label: t(`settings.general.for.${value}`) }))}
                  {...form.getInputProps(`links.${i}.for`)}
                />
                <TextInput label={t('settings.general.link_url')} required flex="4 1 200px" type="url" {...form.getInputProps(`links.${i}.url`)} />
                <ActionIcon variant="subtle" color="red" size={36} aria-label={t('settings.general.remove_link', { name: link.name })} onClick={() => form.removeListItem('links', i)}>
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            ))}
            <Group>
              <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => form.insertListItem('links', { name: '', for: 'metrics', url: '' })}>
                {t('settings.general.add_link')}
              </Button>
            </Group>
          </Section>
          <SaveFailure error={save.error} reload={reload} />
          {may && (
            <Group justify="end">
              <Button type="submit" loading={save.isPending}>
                {t('settings.general.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  )
}
