import { useInspections } from '@/api/inspections'
import { Markdown } from '@/components/Markdown'
import { Section } from '@/components/Section'
import { useTranslation } from 'react-i18next'

/** Help is what the owner of the inspection wrote for whoever looks at its events: what to do. */
export function Help({ inspection }: { inspection: string }) {
  const { t } = useTranslation()
  const help = useInspections().data?.items.find((i) => i.id === inspection)?.help?.trim()
  if (!help) return null
  return (
    <Section title={t('event.help')}>
      <Markdown text={help} />
    </Section>
  )
}
