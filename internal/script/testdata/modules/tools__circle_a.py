import tools__circle_b
def a():
    return 1
