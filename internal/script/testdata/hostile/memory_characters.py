# ends: memory
def run():
    return len([c for c in 'ab' * 100000000])
