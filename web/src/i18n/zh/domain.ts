import type { Same } from '../same'
import type { domain as english } from '../en/domain'

export const domain: Same<typeof english> = {
  level: { critical: '紧急', error: '重要', warning: '警告', info: '提示', ok: '正常' },
  kind: { host: '主机', process: '进程', container: '容器', pod: 'Pod', kernel: '内核', check: '检查' },
  status: { open: '未恢复', recovered: '已恢复' },
  recovery: { healthy: '自动恢复', no_data: '数据中断', manual: '手动恢复', merged: '并入主机事件' },
  cause: {
    steady: '持续增长',
    stepping: '阶梯式增长',
    accelerating: '加速增长',
    restarting: '反复增长后被终止重启',
    exhausted: '内存已耗尽',
    slow: '数天内缓慢增长',
    steady_level: '平稳',
    warm_up: '预热',
    step: '一次性上升',
    daily: '日周期',
    batch: '批处理任务',
    released: '增长后已释放',
    restart: '重启',
    noise: '噪声',
    no_data: '无数据',
    too_short: '数据不足',
  },
  run: {
    pending: '等待中',
    running: '执行中',
    success: '成功',
    failure: '失败',
    timeout: '超时',
    expired: '已过期',
    skipped: '已跳过',
  },
  role: { owner: '所有者', editor: '编辑者', viewer: '只读', administrator: '管理员' },
  scope: { ingest: '写入数据', read: '读取', write: '修改', admin: '管理' },
  origin: { app: '页面', file: '配置文件', script: '脚本' },
}
