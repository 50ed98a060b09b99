# run: run
# invalid: 4:13: hots is not defined
def run(host=None):
    return [hots]
