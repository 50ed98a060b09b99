# ends: error
import memseep
def run():
    return memseep.query('m', labels={'a="x"} or {b': 'c'})
