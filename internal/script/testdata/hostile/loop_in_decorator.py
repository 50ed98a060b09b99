# ends: steps cpu
def d(f):
    while 1:
        pass
@d
def run():
    pass
