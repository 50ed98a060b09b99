# ends: error
import memseep
def run():
    return memseep.http(DFF.ENV('SERVER') + '/long')
