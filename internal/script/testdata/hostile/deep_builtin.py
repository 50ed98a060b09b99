# ends: depth any
def f(x):
    return sorted([1, 2], key=f)
def run():
    f(1)
