import type { Same } from '../same'
import type { scripts as english } from '../en/scripts'

export const scripts: Same<typeof english> = {
  title: '脚本',
  text: '脚本集存放自定义的过滤函数、检查和启动脚本。',
}
