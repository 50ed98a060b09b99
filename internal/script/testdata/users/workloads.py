# run: run
# returns: [["java",true],["nginx",false]]
import memseep
def run():
    out = []
    for w in sorted(memseep.workloads('web-1'), key=lambda w: w['name']):
        values = [v for t, v in w['samples']]
        grown = values[-1] > values[0] * 1.05
        out.append((w['name'], grown))
    return out
