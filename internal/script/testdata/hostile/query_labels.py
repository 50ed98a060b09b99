# ends: error memory
import memseep
def run():
    return memseep.query('m', labels={'a': ['x' * 1000 for i in range(10000)]})
