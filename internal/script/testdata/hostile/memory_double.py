# ends: memory
def run():
    a = [1]
    while True:
        a = a + a
