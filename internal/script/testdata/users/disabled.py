# run: run
# disabled: yes
# finds:
# prints: the inspection 停用 is disabled: nothing is inspected
from guance_monitor__register import self_hosted_monitor
from guance_monitor__runner import Runner
import guance_monitor_memory_leak__main as check
@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('停用')
def run():
    print('never')
    Runner([check.MemoryLeakCheck()]).run()
