# ends: memory
def run():
    s = 'a' * 1000000
    return len(s.replace('a', 'b' * 2000))
