# ends: depth any
class A:
    def __str__(self):
        return str(self)
def run():
    return str(A())
