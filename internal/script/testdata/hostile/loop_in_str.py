# ends: any
class A:
    def __str__(self):
        while True:
            pass
def run():
    print(A())
    while True:
        pass
