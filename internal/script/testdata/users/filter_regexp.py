# run: run
# finds: db-2 web-1
import re
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
PATTERN = re.compile(r'^(web|db)-(\d+)$')
def numbered(host):
    m = PATTERN.match(host)
    return m is not None and int(m.group(2)) <= 2
def run():
    Runner([check.MemoryLeakCheck(filters=[numbered])]).run()
