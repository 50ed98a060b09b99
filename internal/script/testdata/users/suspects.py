# run: run
# returns: ["java"]
import memseep
def run():
    return [s['name'] for v in memseep.verdicts('web-1') for s in v.get('suspects', [])][:1]
