# run: run
# finds: db-2
import guance_monitor_memory_leak__main as mlc
from guance_monitor__runner import Runner
def run():
    Runner(mlc.MemoryLeakCheck(filters=[lambda h: 'cAdvisor' in h.collectors and h.endswith('2')])).run()
