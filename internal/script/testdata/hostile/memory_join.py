# ends: memory
def run():
    return len('x'.join(['y' * 1000000] * 2000))
