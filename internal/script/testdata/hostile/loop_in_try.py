# ends: steps cpu
def run():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass
