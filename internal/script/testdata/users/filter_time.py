# run: run
# finds: web-1
# prints: 2026-11-01 00:00 6
# 工作时间以外只看 web-1
from datetime import datetime, timedelta
import guance_monitor_memory_leak__main as memory_leak_check
from guance_monitor__runner import Runner

def filter_host(host):
    now = datetime.now()
    if 9 <= now.hour < 18:
        return True
    if host in ('web-1',):
        return True

def run():
    now = datetime.now()
    print(f'{now:%Y-%m-%d %H:%M}', now.weekday())
    assert now - timedelta(hours=1) < now
    Runner([memory_leak_check.MemoryLeakCheck(filters=[filter_host])]).run()
