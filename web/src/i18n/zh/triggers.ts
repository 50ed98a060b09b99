import type { Same } from '../same'
import type { triggers as english } from '../en/triggers'

export const triggers: Same<typeof english> = {
  title: '触发器',
  text: '触发器按 crontab 执行已发布脚本中的函数。',
}
