# run: run
# finds: db-2
import guance_monitor_memory_leak__main as mlc
from guance_monitor__runner import Runner

def production(host):
    return host.labels.get('env') == 'prod'

def database(host):
    return 'db' in host.name and host.total_bytes > 8 * 1024 ** 3

def run():
    Runner([mlc.MemoryLeakCheck(filters=[production, database])]).run()
