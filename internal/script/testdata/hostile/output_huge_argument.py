# ends: error memory
def run():
    DFF.STORE.set('x', 'y' * (20 * 1024 * 1024))
