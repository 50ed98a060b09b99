# run: run
# returns: [true,"steady_level"]
import memseep, math
def run():
    leaking = memseep.detect([30 + 0.05 * i + 0.1 * math.sin(i) for i in range(360)], step=60, capacity=100)
    flat = memseep.detect([40 + 0.1 * math.sin(i) for i in range(360)])
    return [leaking['leak'], flat['cause']]
