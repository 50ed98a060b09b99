# ends: error
def run():
    a = []
    a.append(a)
    return a
