# ends: memory
def run():
    a = []
    while True:
        a = [a, a, 'y' * 1000]
