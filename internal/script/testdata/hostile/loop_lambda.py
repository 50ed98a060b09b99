# ends: depth
def run():
    f = lambda g: g(g)
    f(f)
