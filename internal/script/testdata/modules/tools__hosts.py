'''what several scripts share'''
import memseep
from tools__names import 前缀

LIMITS = {'db': 80}
calls = 0

def by_prefix(prefix=前缀):
    global calls
    calls += 1
    return sorted(h for h in memseep.hosts() if h.startswith(prefix))

def limit(host):
    return LIMITS[host.split('-')[0]]

class Group:
    '''hosts of a prefix'''
    def __init__(self, prefix):
        self.prefix = prefix
    def __contains__(self, host):
        return host.startswith(self.prefix)
    def matches(self, host):
        return host in by_prefix(self.prefix)
