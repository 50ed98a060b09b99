# ends: cpu steps wall
import memseep
def run():
    while True:
        try:
            memseep.http(DFF.ENV('SERVER') + '/nothing')
        except OSError:
            pass
