# run: run
# invalid: 3:10: `：` is the full-width form: write `:`
def run()：
    pass
