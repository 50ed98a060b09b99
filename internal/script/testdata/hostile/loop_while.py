# ends: steps cpu
def run():
    while True:
        pass
