# Which containers restart again and again? In a startup script:
#
#     import container_restarts__main as container_restarts
#     Runner([container_restarts.ContainerRestarts(namespaces=['shop'], least=3, hours=6)]).run()
from fnmatch import fnmatch
import memseep

# Metrics whose value is when a container was started, in unix seconds.
STARTS = ['container_start_time_seconds', 'memseep_container_start_time_seconds']

# Metrics that count restarts.
COUNTERS = ['kube_pod_container_status_restarts_total', 'kube_pod_restarts', 'kubelet_pod_restarts', 'kubelet_pod_restart']

JITTER = 5  # seconds by which two readings of one start may differ
STEP = 60   # seconds between two samples


class ContainerRestarts:
    '''namespaces: names and globs; None is all containers. least: restarts that are told. many: restarts that are an error.'''

    def __init__(self, namespaces=None, least=3, many=10, hours=6):
        if isinstance(namespaces, str):
            namespaces = [line.strip() for line in namespaces.split('\n') if line.strip()]
        self.namespaces = namespaces or []
        self.least = least
        self.many = many
        self.hours = hours

    def run(self):
        counts = {}
        for metric in STARTS:
            for key, n in from_starts(ask(metric, self.hours)).items():
                counts[key] = max(counts.get(key, 0), n)
        for metric in COUNTERS:
            for key, n in from_counters(ask(metric, self.hours)).items():
                counts[key] = max(counts.get(key, 0), n)
        events, bad, seen = [], [], set()
        for key in sorted(counts):
            if not self.chooses(key):
                continue
            seen.add(key)
            if counts[key] >= self.least:
                bad.append(key)
                events.append(self.event(key, counts[key]))
        print(f'{len(seen)} containers, {len(bad)} of them restart again and again')
        return events + recovered(seen, bad)

    def chooses(self, key):
        return not self.namespaces or any([fnmatch(key[0], p) for p in self.namespaces])

    def event(self, key, n):
        return {
            'title': f'{name_of(key)} restarted {n} times in {self.hours} h',
            'message': f'- **{n}** restarts in the last {self.hours} hours\n- look at its last exit code and its memory limit: a leak that is killed looks like this',
            'status': 'error' if n >= self.many else 'warning',
            'dimension_tags': tags_of(key),
        }


def ask(metric, hours):
    '''All series of a metric; host by host where all at once are too many.'''
    try:
        return memseep.query(metric, hours=hours, step=STEP)
    except ValueError as e:
        if 'more than' not in str(e):
            raise
    series = []
    for host in memseep.hosts():
        series += memseep.query(metric, host=host, hours=hours, step=STEP)
    return series


def key_of(series):
    '''Namespace, pod and container; without Kubernetes no namespace, the host and the container. None where it is no container.'''
    labels = series['labels']
    pod = labels.get('pod', labels.get('pod_name', ''))
    container = labels.get('container', labels.get('container_name', ''))
    if container == 'POD':
        return None
    if pod:
        return (labels.get('namespace', ''), pod, container)
    name = container or labels.get('name', '')
    if not name:
        return None
    return ('', series['host'] or '', name)


def from_starts(series):
    '''Different start times of each container, less the first. Kubernetes gives a restarted one a series of its own.'''
    starts = {}
    for s in series:
        key = key_of(s)
        if key is None or not key[2]:
            continue
        times = starts.setdefault(key, [])
        last = None
        for _, v in s['samples']:
            if v > 0 and v != last:
                times.append(v)
                last = v
    counts = {}
    for key, times in starts.items():
        n, last = 0, None
        for t in sorted(times):
            if last is None or t - last > JITTER:
                n += 1
            last = t
        counts[key] = max(0, n - 1)
    return counts


def from_counters(series):
    '''How far each counter rose; it falls to 0 where the pod is made anew.'''
    counts = {}
    for s in series:
        key = key_of(s)
        if key is None:
            continue
        values = [v for _, v in s['samples']]
        rose = sum([max(0, b - a) for a, b in zip(values, values[1:])])
        counts[key] = max(counts.get(key, 0), int(rose))
    return counts


def name_of(key):
    return '/'.join([part for part in key if part])


def tags_of(key):
    if key[0]:
        names = ['namespace', 'pod', 'container']
    else:
        names = ['namespace', 'host', 'container']
    return {n: part for n, part in zip(names, key) if part}


def recovered(seen, bad):
    '''Events that say that all is well again, or that the container is gone, for those that the run before told of.'''
    before = [tuple(key) for key in DFF.STORE.get('told', scope='container_restarts') or []]
    if not seen:
        return []  # nothing can be said of them
    DFF.STORE.set('told', [list(key) for key in bad], scope='container_restarts')
    return [
        {'title': f'{name_of(key)} runs on', 'status': 'ok', 'dimension_tags': tags_of(key)}
        for key in before if key not in bad
    ]


def run(namespaces=None, least=3, hours=6):
    '''For a look by hand: memseep script run main.py run --source …'''
    return ContainerRestarts(namespaces=namespaces, least=least, hours=hours).run()
