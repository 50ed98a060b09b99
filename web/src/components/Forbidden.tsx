import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/client'
import { Failure } from './Failure'

/** Forbidden stands where a person may not be, and says who may. */
export function Forbidden({ needs }: { needs: 'editor' | 'owner' | 'administrator' }) {
  const { t } = useTranslation()
  return <Failure error={new Problem(403, t(`shell.state.needs.${needs}`))} />
}
