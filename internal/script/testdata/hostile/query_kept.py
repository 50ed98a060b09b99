# ends: memory error cpu
import memseep
def run():
    kept = []
    while True:
        kept.append(memseep.query('m'))
