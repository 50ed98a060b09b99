# ends: memory
def run():
    a = []
    def make(n):
        big = str(n) * 100000
        return lambda: big
    while True:
        a.append(make(len(a)))
