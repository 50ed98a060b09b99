# ends: memory
def run():
    s = 'x'
    while True:
        s += s
