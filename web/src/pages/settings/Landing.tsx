import { Navigate } from '@tanstack/react-router'
import { useMay } from '@/api/session'

/** Landing leads to the first part that the person may see. */
export function Landing() {
  return <Navigate to={useMay('owner') ? '/settings/keys' : '/settings/sources'} replace />
}
