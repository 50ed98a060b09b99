# ends: error
def run():
    return 'x' * (10 ** 18)
