import { Problem } from '@/api/client'
import { Failure } from './Failure'

/** Forbidden stands where a person may not be. */
export const Forbidden = () => <Failure error={new Problem(403, '')} />
