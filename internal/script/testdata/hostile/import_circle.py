# ends: invalid
import tools__circle_a
def run():
    return tools__circle_a.a()
