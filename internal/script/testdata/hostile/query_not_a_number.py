# ends: error
import memseep
def run():
    return memseep.query('m', hours=float('nan'))
