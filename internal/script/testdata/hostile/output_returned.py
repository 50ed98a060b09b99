# ends: output
def run():
    return 'x' * (8 * 1024 * 1024)
