# ends: depth
import bad__deep
def run():
    return bad__deep.down(0)
