# run: run
# finds: web-1
# prints: 主机 web-1
# prints: 主机 web-2
# returns: [["web-1","web-2"],1,true,2]
import tools__hosts
import tools__hosts as 工具
from tools__names import 中文名, 前缀 as prefix
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner

组 = 工具.Group(prefix)

def run():
    names = tools__hosts.by_prefix()
    for host in names:
        print(中文名(host))
    assert 'web-9' in 组 and 'db-1' not in 组
    Runner([check.MemoryLeakCheck(filters=[组.matches])]).run()
    return [names, len([x for x in [prefix] if x == 'web-']), 工具.Group is tools__hosts.Group, tools__hosts.Group('db').prefix == 'db' and 2]
