from guance_monitor__register import self_hosted_monitor
from guance_monitor__runner import Runner
import disk_forecast__main as disk_forecast


@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('磁盘写满预测 Disk forecast', fixed_crontab='20 * * * *', timeout=900)
def run(configs=None):
    '''
    configs: hosts to look at, one on each line, globs allowed; empty is all
    需要检测的 host 列表，每行一个，可用通配符；不填则检测所有主机
    '''
    Runner([disk_forecast.DiskForecast(configs=configs, days=7)]).run()
