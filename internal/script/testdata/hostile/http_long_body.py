# ends: error
import memseep
def run():
    return memseep.http(DFF.ENV('SERVER') + '/nothing', method='POST', body='x' * (8 * 1024 * 1024))
