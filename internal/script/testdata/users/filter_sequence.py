# run: run
# finds:
# prints: the filters keep none of 6 hosts: nothing is inspected
# prints: first saw 6, second saw 2
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
seen = {'first': 0, 'second': 0}
def first(host):
    seen['first'] += 1
    return host.startswith('db')
def second(host):
    seen['second'] += 1
    return False
def run():
    Runner([check.MemoryLeakCheck(filters=[first, second])]).run()
    print('first saw {first}, second saw {second}'.format(**seen))
