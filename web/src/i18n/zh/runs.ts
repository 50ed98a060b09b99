import type { Same } from '../same'
import type { runs as english } from '../en/runs'

export const runs: Same<typeof english> = {
  title: '执行记录',
  filter: '状态',
  all: '全部记录',
  none: '还没有执行记录',
  none_text: '巡检到期或被手动执行后，记录会出现在这里。',
  column: { inspection: '巡检', status: '状态', due: '计划时间', wait: '等待', took: '用时', hosts: '主机', failed: '失败', no_data: '无数据', leaks: '泄漏', events: '事件' },
  opened_recovered: '+{{opened}} / −{{recovered}}',
  manual: '由 {{name}} 手动执行',
  manual_title: '手动执行人',
  made_up: '服务停止期间错过，已补执行',
  back: '全部记录',
  log: '日志',
  no_log: '没有日志。',
  progress: '已完成 {{percent}} 的主机',
  windows: '窗口结束于',
  events_of: '此巡检的事件',
  configuration: '配置',
  error: '原因',
}
