import type { Same } from '../same'
import type { hosts as english } from '../en/hosts'

export const hosts: Same<typeof english> = {
  title: '主机',
  count_one: '{{count, number}} 台主机',
  count_other: '{{count, number}} 台主机',
  search: '按名称搜索',
  state: '状态',
  sort: { label: '排序', name: '名称', level: '级别优先', value: '使用率最高优先', exhaustion: '剩余时间最少优先', seen: '最久未上报优先' },
  column: { host: '主机', state: '状态', memory: '内存', trend: '近 6 小时', verdict: '判定', left: '剩余时间', collectors: '采集器', seen: '最新样本' },
  none: '还没有主机',
  none_text: '连接 Prometheus，或让采集器把数据发到这里；下次执行后主机会出现在此处。',
  none_match: '没有符合条件的主机',
  of: '{{value}} / {{total}}',
  open_events: '未恢复事件：{{count}}',
  waits: '暂不产生事件',
  missing: '{{count}} 项分析缺少数据',
}
