# run: run
# event: critical web-1 leaks: steady
# prints: 检查 2 台主机
import memseep
from guance_monitor__runner import Runner
class Checker:
    '''自己的检查'''
    level = 'critical'
    def __init__(self, prefix, **options):
        self.prefix = prefix
        self.options = options
    def hosts(self):
        return [h for h in memseep.hosts() if h.startswith(self.prefix)]
    def check(self):
        主机 = self.hosts()
        print(f'检查 {len(主机)} 台主机')
        return [self.event(v) for v in memseep.verdicts(主机) if v['leak'] and v['object']['kind'] == 'host']
    def event(self, v):
        return dict(title='%s leaks: %s' % (v['object']['host'], v['cause']), status=self.level)
def run():
    Runner([Checker('web', x=1)]).run()
