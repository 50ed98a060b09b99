# run: 预测 {"天数": 2}
# event: error web-1 的 / 将在 9 小时后写满
# event: warning 数据库-1 的 /数据 将在 29 小时后写满
# returns: 3
from guance_monitor__register import self_hosted_monitor
from tools__disk import 剩余, slope
import memseep

@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('磁盘写满预测', fixed_crontab='15 * * * *', timeout=300)
def 预测(天数=3):
    '''天数：提前多少天告警'''
    列表 = 剩余(小时=24, mountpoint=['/', '/数据'])
    for 序列 in 列表:
        样本 = 序列['samples']
        每小时 = slope(样本)
        if 每小时 >= 0:
            continue
        小时 = -样本[-1][1] / 每小时
        if 小时 > 24 * 天数:
            continue
        主机, 目录 = 序列['host'], 序列['labels']['mountpoint']
        memseep.report(
            title=f'{主机} 的 {目录} 将在 {小时:.0f} 小时后写满',
            message=f'- 剩余：**{样本[-1][1] / 1024 ** 3:.1f} GB**',
            status='error' if 小时 < 24 else 'warning',
            dimension_tags={'host': 主机, 'mountpoint': 目录},
        )
    return len(列表)
