# ends: error
import memseep
def run():
    return memseep.http(DFF.ENV('SERVER') + '/nothing', headers={'X': 'a\r\nHost: example.com'})
