# run: run {"configs": {"hosts": ["db-*"]}}
# finds: db-2
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def run(configs=None):
    Runner([check.MemoryLeakCheck(configs=configs, filters=[])], debug=False).run()
