import { Anchor, Button, Group, Skeleton, Stack } from '@mantine/core'
import { IconArrowLeft, IconDownload, IconPlus, IconUpload } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useScripts, useSets } from '@/api/scripts'
import { useMay } from '@/api/session'
import { Empty } from '@/components/Empty'
import { Failure } from '@/components/Failure'
import { Heading } from '@/components/Heading'
import { ExportScripts } from './ExportScripts'
import { ImportScripts } from './ImportScripts'
import { ScriptPane } from './ScriptPane'
import classes from './ScriptsPage.module.css'
import { NewSet } from './SetForm'
import { Tree } from './Tree'

/** ScriptsPage has the sets with their scripts at the side, and the script that is open; on a phone one of both. */
export function ScriptsPage() {
  const { t } = useTranslation()
  const may = useMay('editor')
  const { id: open = '' } = useParams({ strict: false })
  const sets = useSets()
  const scripts = useScripts()
  const [asked, setAsked] = useState<'set' | 'export' | 'import'>()
  const error = sets.error ?? scripts.error
  const loaded = sets.data !== undefined && scripts.data !== undefined
  const none = loaded && sets.data.items.length === 0
  const script = scripts.data?.items.find((s) => s.id === open)
  const set = sets.data?.items.find((s) => s.id === script?.set_id)
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Heading name={t('scripts.title')} tab={script && set ? `${set.name}__${script.name} · ${t('scripts.title')}` : undefined} />
        <Group gap="xs">
          {loaded && !none && (
            <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={() => setAsked('export')}>
              {t('scripts.exported.go')}
            </Button>
          )}
          {may && (
            <>
              <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} onClick={() => setAsked('import')}>
                {t('scripts.imported.go')}
              </Button>
              <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAsked('set')}>
                {t('scripts.set.new')}
              </Button>
            </>
          )}
        </Group>
      </Group>
      {error && <Failure error={error} retry={() => void Promise.all([sets.refetch(), scripts.refetch()])} />}
      {!error && !loaded && <Skeleton height={240} />}
      {none && (
        <Empty title={t('scripts.none')} text={may ? t('scripts.none_text') : t('scripts.none_reader')}>
          <Button component={Link} to="/market" variant="light" size="xs">
            {t('scripts.to_market')}
          </Button>
        </Empty>
      )}
      {loaded && !none && (
        <div className={classes.both} data-open={open !== '' || undefined}>
          <aside className={classes.side}>
            <Tree sets={sets.data.items} scripts={scripts.data.items} open={open} />
          </aside>
          <div className={classes.main}>
            {open !== '' && (
              <Anchor component={Link} to="/scripts" size="sm" hiddenFrom="sm">
                <Group gap={4} mb="xs">
                  <IconArrowLeft size={14} />
                  {t('scripts.back')}
                </Group>
              </Anchor>
            )}
            {open === '' && <Empty title={t('scripts.choose')} text={t('scripts.choose_text')} />}
            {open !== '' && !(script && set) && <Empty title={t('scripts.gone')} text={t('scripts.gone_text')} />}
            {script && set && <ScriptPane key={script.id} listed={script} set={set} />}
          </div>
        </div>
      )}
      {asked === 'set' && <NewSet close={() => setAsked(undefined)} />}
      {asked === 'export' && <ExportScripts sets={sets.data?.items ?? []} close={() => setAsked(undefined)} />}
      {asked === 'import' && <ImportScripts close={() => setAsked(undefined)} />}
    </Stack>
  )
}
