# run: run {}
# finds: web-1
# prints: inspected 2 hosts: 2 leaks on 1 of them, 0 without data, 0 not readable
from guance_monitor__register import self_hosted_monitor
from guance_monitor__runner import Runner
import guance_monitor_memory_leak__main as memory_leak_check

def filter_host(host):
    return host.startswith('web-')

@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('按前缀', fixed_crontab='*/5 * * * *', timeout=300)
def run(configs=None):
    Runner([memory_leak_check.MemoryLeakCheck(configs=configs, filters=[filter_host])], debug=True).run()
