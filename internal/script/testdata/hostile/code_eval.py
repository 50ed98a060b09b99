# ends: invalid
def run():
    return eval('1 + 1')
