# run: run {"configs": "web-2"}
# configured: {"configs": "db-2"}
# finds: db-2
from guance_monitor__register import self_hosted_monitor
from guance_monitor__runner import Runner
import guance_monitor_memory_leak__main as check
@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('页面的参数优先')
def run(configs=None):
    Runner([check.MemoryLeakCheck(configs=configs)]).run()
