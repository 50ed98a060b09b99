# When will a file system be full? In a startup script:
#
#     import disk_forecast__main as disk_forecast
#     Runner([disk_forecast.DiskForecast(configs='web-*', days=7)]).run()
from fnmatch import fnmatch
from statistics import median
import json
import memseep

# What collectors call the bytes that are free and all bytes, and conditions on the labels.
COLLECTORS = [
    ('node_filesystem_avail_bytes', {}, 'node_filesystem_size_bytes'),
    ('disk_free', {}, 'disk_total'),
    ('windows_logical_disk_free_bytes', {}, 'windows_logical_disk_size_bytes'),
]
OPENTELEMETRY = 'system_filesystem_usage_bytes'

# The labels that name a file system, the first that is there.
NAMES = ['mountpoint', 'mount_point', 'path', 'volume', 'device']

# Kinds of file systems that are full by design, or lie in memory.
NO_DISKS = ['tmpfs', 'devtmpfs', 'ramfs', 'squashfs', 'overlay', 'iso9660', 'erofs', 'autofs', 'nsfs', 'proc', 'sysfs', 'cgroup2']

HOURS = 72   # that the trend is taken from
LEAST = 6    # hours that are needed for one
STEP = 1800  # seconds between two samples


class DiskForecast:
    '''configs: hosts as MemoryLeakCheck takes them. filters: functions of a host. days: how long before it is full to warn.'''

    def __init__(self, configs=None, filters=None, days=7):
        self.patterns = host_patterns(configs)
        self.filters = filters or []
        self.days = days

    def run(self):
        chosen = [h for h in memseep.hosts() if self.chooses(h)]
        found, events, bad = set(), [], []
        for host, name, free, total in file_systems(chosen):
            key = f'{host} {name}'
            if key in found:
                continue
            found.add(key)
            event = self.judge(host, name, free, total)
            if event:
                bad.append(key)
                events.append(event)
        print(f'{len(found)} file systems of {len(chosen)} hosts, {len(bad)} of them with an event')
        return events + recovered(found, bad)

    def chooses(self, host):
        if self.patterns and not any([fnmatch(host, p) for p in self.patterns]):
            return False
        return all([f(host) for f in self.filters])

    def judge(self, host, name, free, total):
        '''The event of a file system, or None where all is well.'''
        left = free[-1][1]
        used = 100 * (1 - left / total)
        slope = growth(free)  # bytes an hour that are used up
        hours = left / slope if slope > 0 else None
        if used >= 98:
            status = 'critical'
        elif used >= 95 or hours is not None and hours <= 24:
            status = 'error'
        elif hours is not None and hours <= 24 * self.days:
            status = 'warning'
        else:
            return None
        when = f'full in {told(hours)}' if hours is not None else f'{used:.0f}% used'
        lines = [f'- used **{used:.1f}%** of {gigabytes(total)}, {gigabytes(left)} left']
        if hours is not None:
            lines.append(f'- grows by {gigabytes(24 * slope)} a day, **full in {told(hours)}**')
        return {
            'title': f'{host}: {name} {when}',
            'message': '\n'.join(lines),
            'status': status,
            'dimension_tags': {'host': host, 'file_system': name},
        }


def host_patterns(configs):
    if configs is None:
        return []
    if isinstance(configs, str):
        text = configs.strip()
        if text.startswith('{') or text.startswith('["'):
            return host_patterns(json.loads(text))
        return [line.strip() for line in text.split('\n') if line.strip()]
    if isinstance(configs, dict):
        return host_patterns(configs.get('hosts'))
    return list(configs)


def file_systems(hosts):
    '''A list of host, name, samples of the bytes that are free, and all bytes.'''
    known = set(hosts)
    out = []
    for free, conditions, size in COLLECTORS:
        series = ask(free, known, conditions)
        if not series:
            continue
        sizes = {place(s): s['samples'][-1][1] for s in ask(size, known, conditions) if s['samples']}
        for s in series:
            total = sizes.get(place(s), 0)
            if s['samples'] and total > 0 and is_disk(s['labels']):
                out.append((s['host'], name_of(s['labels']), s['samples'], total))
    return out + from_opentelemetry(known)


def from_opentelemetry(known):
    '''One series a state: free, used, reserved; their sum is all bytes.'''
    free, total = {}, {}
    for s in ask(OPENTELEMETRY, known, {}):
        if not s['samples'] or not is_disk(s['labels']):
            continue
        at = place(s)
        total[at] = total.get(at, 0) + s['samples'][-1][1]
        if s['labels'].get('state') == 'free':
            free[at] = s
    return [(s['host'], name_of(s['labels']), s['samples'], total[at]) for at, s in free.items() if total[at] > 0]


def ask(metric, known, conditions):
    '''The series of the hosts that are known; host by host where all at once are too many.'''
    try:
        series = memseep.query(metric, hours=HOURS, labels=conditions, step=STEP)
    except ValueError as e:
        if 'more than' not in str(e):
            raise
        series = []
        for host in sorted(known):
            series += memseep.query(metric, host=host, hours=HOURS, labels=conditions, step=STEP)
    return [s for s in series if s['host'] in known]


def name_of(labels):
    for label in NAMES:
        if labels.get(label):
            return labels[label]
    return 'disk'


def place(series):
    return (series['host'], name_of(series['labels']), series['labels'].get('device', ''))


def is_disk(labels):
    kind = labels.get('fstype', labels.get('type', ''))
    return kind not in NO_DISKS


def growth(free):
    '''Bytes that are used up in an hour: the median slope between samples that lie half of the time apart, 0 where there are few.'''
    if free[-1][0] - free[0][0] < LEAST * 3600:
        return 0
    half = len(free) // 2
    slopes = []
    for i in range(len(free) - half):
        (t, v), (later, w) = free[i], free[i + half]
        slopes.append((v - w) / (later - t) * 3600)
    recent = free[-1 - min(half, len(free) // 4)]
    if recent[1] <= free[-1][1]:
        return 0  # it was cleaned, or has stopped growing
    return median(slopes)


def recovered(found, bad):
    '''Events that say that all is well again, for those that the run before told of.'''
    before = DFF.STORE.get('told', scope='disk_forecast') or []
    DFF.STORE.set('told', bad + [key for key in before if key not in found], scope='disk_forecast')
    events = []
    for key in before:
        if key in found and key not in bad:
            host, _, name = key.partition(' ')
            events.append({'title': f'{host}: {name} has room again', 'status': 'ok', 'dimension_tags': {'host': host, 'file_system': name}})
    return events


def told(hours):
    if hours < 1:
        return 'less than an hour'
    return f'{hours:.0f} h' if hours < 48 else f'{hours / 24:.0f} days'


def gigabytes(b):
    return f'{b / 1024 ** 3:.1f} GB'


def run(configs=None, days=7):
    '''For a look by hand: memseep script run main.py run --source …'''
    return DiskForecast(configs=configs, days=days).run()
