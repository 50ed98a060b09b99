# run: run {"limit": 60}
# event: error db-2 memory above 60%
# event: error iZuf6aq9gu32lpgvx8ynhbZ memory above 60%
# event: error web-1 memory above 60%
# event: error 数据库-1 memory above 60%
import memseep
def run(limit=90):
    '''own check with a threshold'''
    events = []
    for host in sorted(memseep.hosts()):
        values = [v for _, v in memseep.samples(host, hours=0.5)]
        if values and max(values) > limit:
            events.append({
                'title': f'{host} memory above {limit}%',
                'message': f'- highest: **{max(values):.1f}%**\n- mean: {sum(values) / len(values):.1f}%',
                'status': 'error',
                'dimension_tags': {'host': host},
            })
    for e in events:
        memseep.report(**e)
