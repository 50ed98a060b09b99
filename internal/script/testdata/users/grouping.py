# run: run
# returns: {"db":2,"iZuf6aq9gu32lpgvx8ynhbZ":1,"web":2,"数据库":1}
import memseep
def run():
    groups = {}
    for host in memseep.hosts():
        groups.setdefault(host.split('-')[0], []).append(host)
    return {k: len(v) for k, v in sorted(groups.items())}
