# ends: memory
def run():
    return len([0] * (10 ** 8))
