# ends: fine
import memseep
def run():
    for i in range(100):
        memseep.report(title='event %d' % i)
