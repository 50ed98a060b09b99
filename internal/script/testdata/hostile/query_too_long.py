# ends: error
import memseep
def run():
    return memseep.query('m', hours=1e308, step=5e-324)
