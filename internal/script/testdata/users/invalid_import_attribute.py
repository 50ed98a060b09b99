# run: run
# invalid: 5:25: the module tools__hosts has no by_suffix: it has Group, LIMITS, by_prefix, calls, limit, memseep, 前缀
import tools__hosts
def run():
    return tools__hosts.by_suffix('-1')
