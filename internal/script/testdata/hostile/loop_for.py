# ends: steps cpu
def run():
    n = 0
    for i in range(10 ** 12):
        n += i
