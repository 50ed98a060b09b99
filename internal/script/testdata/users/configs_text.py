# run: run {"configs": "web-1\n  db-2  \n\n"}
# finds: db-2 web-1
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def run(configs=None):
    Runner([check.MemoryLeakCheck(configs=configs)]).run()
