import type { Same } from '../same'
import type { chart as english } from '../en/chart'

export const chart: Same<typeof english> = {
  measured: '已用',
  floor: '15 分钟底线',
  fitted: '增长趋势',
  forecast: '预测区间',
  onset: '开始增长',
  limit: '上限',
  killed: '下次被终止',
  event: '事件产生',
  whole: '显示全部时间',
  keys: '按方向键读出数值',
}
