# run: run
# fails: 4: AssertionError: no hosts
def run():
    assert [], 'no hosts'
