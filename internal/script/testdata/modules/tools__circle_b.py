def b():
    from tools__circle_a import a
    return a()
