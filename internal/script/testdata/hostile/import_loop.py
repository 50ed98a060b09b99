# ends: steps cpu
import bad__loop
def run():
    return 1
