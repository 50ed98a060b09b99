# ends: memory
class A:
    def __init__(self, other):
        self.other = other
        self.text = 'z' * 10000 + other
def run():
    a = []
    while True:
        a.append(A(str(len(a))))
