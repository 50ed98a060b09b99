# run: run
# returns: "of the other script"
from tools__registered import run as other
def run():
    return other()
