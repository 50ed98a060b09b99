# ends: error cpu wall memory
import memseep
def run():
    while True:
        memseep.query('m')
