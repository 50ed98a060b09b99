# ends: depth
def run(n=0):
    return run(n + 1)
