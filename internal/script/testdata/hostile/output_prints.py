# ends: output
def run():
    while True:
        print('x' * 10000)
