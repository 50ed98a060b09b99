# ends: steps cpu
def slow(x):
    n = 0
    while True:
        n += 1
def run():
    [1, 2].sort(key=slow)
