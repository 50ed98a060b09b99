# ends: depth
def a(n):
    return b(n)
def b(n):
    return a(n)
def run():
    try:
        a(1)
    except Exception:
        return 'caught'
