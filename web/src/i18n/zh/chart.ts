import type { Same } from '../same'
import type { chart as english } from '../en/chart'

export const chart: Same<typeof english> = {
  time: '时间',
  measured: '已用',
  floor: '15 分钟底线',
  fitted: '增长趋势',
  earliest: '最早',
  latest: '最晚',
  onset: '开始增长',
  limit: '上限',
}
