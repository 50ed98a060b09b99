# ends: error memory
def run():
    n = 2
    while True:
        n = n ** 1000
