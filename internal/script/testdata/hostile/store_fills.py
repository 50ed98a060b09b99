# ends: error
def run():
    for i in range(10000):
        DFF.STORE.set(str(i), 'y' * 100000)
