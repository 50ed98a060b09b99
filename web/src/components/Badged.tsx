import type { ReactNode } from 'react'
import classes from './Cells.module.css'

type Props = { ink: string; paper: string; size?: 'xs' | 'sm' | 'lg'; children: ReactNode }

/** Badged is a word on a colour: ink and paper are colours of CSS. */
export const Badged = ({ ink, paper, size = 'sm', children }: Props) => (
  <span className={classes.badge} data-size={size} style={{ color: ink, background: paper }}>
    {children}
  </span>
)
