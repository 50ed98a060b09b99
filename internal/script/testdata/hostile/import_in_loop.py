# ends: steps cpu
def run():
    while True:
        try:
            import bad__raises
        except Exception:
            pass
