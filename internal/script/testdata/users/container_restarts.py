# run: run
# event: warning cart-0 restarted 3 times in 6 hours
# prints: of no host: cart-0
import memseep
from guance_monitor__runner import Runner

def restarts(limit=2):
    events = []
    for s in memseep.query('kube_pod_container_status_restarts_total'):
        values = [v for _, v in s['samples']]
        grown = sum([max(0, b - a) for a, b in zip(values, values[1:])])
        if grown > limit:
            name = s['labels']['pod']
            if s['host'] is None:
                print('of no host:', name)
            events.append({'title': f'{name} restarted {grown:.0f} times in 6 hours', 'dimension_tags': {'pod': name, 'namespace': s['labels']['namespace']}})
    return events

def run():
    Runner([restarts]).run()
