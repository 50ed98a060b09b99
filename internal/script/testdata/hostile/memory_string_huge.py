# ends: memory
def run():
    s = 'x' * (10 ** 9)
    return len(s)
