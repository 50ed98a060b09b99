# ends: error
def run():
    return '%999999d' % 1
