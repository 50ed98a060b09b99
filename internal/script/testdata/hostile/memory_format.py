# ends: error
def run():
    return '{:>9999999999}'.format('x')
