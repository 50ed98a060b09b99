# ends: steps cpu
def run():
    try:
        x = 1
    finally:
        while True:
            pass
