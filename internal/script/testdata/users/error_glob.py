# run: run
# fails: 6: ValueError: the source has no host named nothing-*
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
def run():
    Runner([check.MemoryLeakCheck(configs='nothing-*')]).run()
