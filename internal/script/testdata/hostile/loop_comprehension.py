# ends: steps cpu
def run():
    return [0 for i in range(10 ** 12) if i < 0]
