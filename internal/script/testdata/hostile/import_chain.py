# ends: invalid
import chain__0
def run():
    return chain__0
