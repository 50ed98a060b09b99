# run: run
# finds: web-1
# prints: counted {'web': 2, 'db': 2}
# returns: [2.0,1.0,6,"a-b",3.5]
from collections import defaultdict
from fnmatch import fnmatch
import functools, statistics
import guance_monitor_memory_leak__main as check
from guance_monitor__runner import Runner
import memseep

def logged(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs)
    return inner

@logged
def matches(pattern, host):
    return fnmatch(host, pattern)

def run():
    counts = defaultdict(int)
    for host in memseep.hosts():
        if '-' in host and not host.startswith('数'):
            counts[host.split('-')[0]] += 1
    print('counted', dict(sorted(counts.items(), reverse=True)))
    Runner([check.MemoryLeakCheck(filters=[functools.partial(matches, 'web-?')])]).run()
    lists = defaultdict(list)
    lists['a'].append('b')
    joined = '-'.join([k + '-' + v[0] for k, v in lists.items()])
    return [statistics.mean([1, 3]), statistics.pstdev([1, 3]), functools.reduce(lambda a, b: a * b, [1, 2, 3]), joined, statistics.median([3, 4])]
