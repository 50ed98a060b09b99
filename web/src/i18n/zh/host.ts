import type { Same } from '../same'
import type { host as english } from '../en/host'

export const host: Same<typeof english> = {
  back: '全部主机',
  memory: '内存',
  curve_of: '{{host}} 的内存',
  events: '事件',
  no_events: '所示时间内没有事件。',
  workloads: '工作负载',
  tab: { process: '进程', container: '容器', pod: 'Pod', kernel: '内核' },
  no_workloads: '没有此类工作负载的数据。',
  table: { name: '名称', size: '大小', share: '占主机内存', growth: '增长', limit: '上限', verdict: '判定' },
  health: '采集状况',
  collectors: '采集器',
  newest: '最新样本',
  step: '样本间隔',
  gaps: '窗口内缺失率',
  history: '窗口之前的历史',
  complete: '数据完整，所有分析均可进行。',
  missing: '缺少的数据与安装建议',
  labels: '标签',
}
