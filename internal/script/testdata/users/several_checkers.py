# run: run
# finds: db-2 web-1
# event: info all checked
from guance_monitor__runner import Runner
import guance_monitor_memory_leak__main as check
def note():
    return {'title': 'all checked', 'status': 'info'}
def run():
    checkers = [check.MemoryLeakCheck(configs=['web-1']), check.MemoryLeakCheck(configs=['db-*']), note]
    Runner(checkers, debug=False).run()
