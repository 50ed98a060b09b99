# ends: wall
import memseep
def run():
    while True:
        memseep.http(DFF.ENV('SERVER') + '/slow', timeout=30)
