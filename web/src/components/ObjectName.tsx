import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import classes from './Cells.module.css'

type Named = Omit<Schemas['Object'], '$schema'>

/** ObjectName names a host or a workload on it. Names come from outside: any length, any script. */
export function ObjectName({ object, withHost = true }: { object: Named; withHost?: boolean }) {
  const { t } = useTranslation()
  const own = object.kind === 'host' ? object.host : [object.namespace, object.name].filter(Boolean).join('/')
  const full = object.kind === 'host' || !withHost || object.host === '' ? own : [object.host, own].filter(Boolean).join(' › ')
  return (
    <span className={classes.name} data-hint={`${t(`domain.kind.${object.kind}`)}: ${full.slice(0, 300)}`}>
      <bdi>{full.slice(0, 500)}</bdi>
    </span>
  )
}
