# ends: error memory
def run():
    n = 1 << 500
    while True:
        n = n << 511
        n = n * n
