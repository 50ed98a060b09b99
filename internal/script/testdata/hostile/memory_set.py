# ends: memory steps
def run():
    s = set()
    i = 0
    while True:
        s.add((i, str(i) * 40))
        i += 1
