# run: run
# fails: 5: TypeError: filters is a list of functions, and 'web' is none
import guance_monitor_memory_leak__main as check
def run():
    return check.MemoryLeakCheck(filters=['web'])
