# ends: error
def run():
    return 10 ** (10 ** 10)
