# ends: error
import memseep
def run():
    return memseep.http(DFF.ENV('SERVER') + '/nothing', headers={'X-%d' % i: 'y' * 1000 for i in range(100)})
