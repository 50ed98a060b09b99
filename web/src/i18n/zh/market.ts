import type { Same } from '../same'
import type { market as english } from '../en/market'

export const market: Same<typeof english> = {
  title: '市场',
  text: '脚本包提供脚本，以及用来启用它们的启动脚本。',
}
