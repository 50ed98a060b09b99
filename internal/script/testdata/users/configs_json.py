# run: run {"configs": "{\"hosts\": [\"数据库-1\"]}"}
# finds: 数据库-1
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def run(configs=None):
    Runner([check.MemoryLeakCheck(configs=configs)]).run()
