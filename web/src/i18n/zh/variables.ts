import type { Same } from '../same'
import type { variables as english } from '../en/variables'

export const variables: Same<typeof english> = {
  title: '变量',
  text: '脚本按名称读取变量；密文变量加密保存，并在输出中隐去。',
}
