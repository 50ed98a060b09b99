# ends: memory
def run():
    return sorted(range(10 ** 9))[0]
