# ends: memory
def run():
    return len(list(zip(range(10 ** 8), range(10 ** 8))))
