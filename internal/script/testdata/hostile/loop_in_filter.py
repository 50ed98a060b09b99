# ends: steps cpu
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def f(host):
    while True:
        pass
def run():
    Runner([check.MemoryLeakCheck(filters=[f])]).run()
