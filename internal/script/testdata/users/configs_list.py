# run: run [["web-1", "web-2"]]
# finds: web-1
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def run(configs=None):
    Runner([check.MemoryLeakCheck(configs)]).run()
