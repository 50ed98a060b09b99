# ends: memory output
import json
def run():
    a = ['x' * 1000000] * 1000
    return len(json.dumps(a))
