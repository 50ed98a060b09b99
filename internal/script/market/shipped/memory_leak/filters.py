# Filters of hosts, made by calls. In a startup script:
#
#     import memory_leak__filters as filters
#     MemoryLeakCheck(filters=[filters.named('web-*'), filters.without(filters.labelled('env', 'test'))])
from fnmatch import fnmatch


def named(*patterns):
    '''Hosts whose name matches one of the patterns, as web-*.'''
    def filter_host(host):
        return any([fnmatch(host, pattern) for pattern in patterns])
    return filter_host


def labelled(label, *values):
    '''Hosts that have the label; where values are given, with one of them.'''
    def filter_host(host):
        value = host.labels.get(label)
        return value is not None and (len(values) == 0 or value in values)
    return filter_host


def larger_than(gigabytes):
    '''Hosts with more memory than so many GB (2 to the 30).'''
    def filter_host(host):
        return host.total_bytes > gigabytes * 1024 ** 3
    return filter_host


def without(a_filter):
    '''Hosts that the filter does not choose.'''
    def filter_host(host):
        return not a_filter(host)
    return filter_host


def any_of(*filters):
    '''Hosts that at least one of the filters chooses. Filters in a list have to choose all.'''
    def filter_host(host):
        return any([f(host) for f in filters])
    return filter_host
