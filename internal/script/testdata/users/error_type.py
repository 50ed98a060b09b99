# run: run
# fails: 4: TypeError: unknown binary op: string + int
def run():
    return 'web-' + 1
