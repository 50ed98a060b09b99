# ends: memory steps cpu
def run():
    n = 3
    while True:
        n = n * n
