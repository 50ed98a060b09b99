# ends: memory
def run():
    return len(list(range(10 ** 9)))
