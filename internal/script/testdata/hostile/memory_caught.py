# ends: memory
def run():
    kept = []
    while True:
        try:
            while True:
                kept.append('x' * 1000000 + str(len(kept)))
        except Exception:
            kept.append(1)
