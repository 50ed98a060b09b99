# ends: error depth steps
def run():
    a, b = [], []
    for i in range(1000000):
        a, b = [a], [b]
    return a == b
