# ends: memory
import bad__memory
def run():
    return 1
