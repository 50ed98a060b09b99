# run: run
# fails: 7: ValueError: int: invalid literal with base 10: db
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def filter_host(host):
    # the part before the dash is no number
    return int(host.split('-')[0]) > 3
def run():
    Runner([check.MemoryLeakCheck(configs=None, filters=[filter_host])]).run()
