class Base:
    '''a base'''
    limit = 10
    def __init__(self, name, *, factor=1):
        self.name = name
        self.factor = factor
        self.seen = []
    def run(self):
        self.seen.append(self.limit * self.factor)
        return self.describe()
    def describe(self):
        return f'{self.name}:{self.seen}'
    @staticmethod
    def twice(x):
        return x * 2
    @classmethod
    def make(cls):
        return cls('made')
    def __str__(self):
        return 'Base ' + self.name
    def __eq__(self, other):
        return self.name == other.name
    def __len__(self):
        return 3
    def __lt__(self, other):
        return self.name < other.name
    def __getitem__(self, key):
        return key + '!'
    def __add__(self, other):
        return Base(self.name + other.name)

class Child(Base):
    limit = 20
    def describe(self):
        return 'child ' + super().describe()

def run():
    return 'the function'
b = Base('b', factor=2)
print(b.run(), b, len(b), b == Base('b'), b != Base("c"), b['k'], b + Base('x'))  #> b:[20] Base b 3 True True k! Base bx
c = Child('c')
print(c.run(), c.run(), isinstance(c, Base), Child.twice(4), c.twice(2), Child.make().name)  #> child c:[20] child c:[20, 20] True 8 4 made
print(sorted([Base('z'), Base('a')])[0].name, type(c).__name__, hasattr(c, 'name'), getattr(c, 'zz', None))  #> a Child True None
print(run(), Base.__doc__, Base.limit)  #> the function a base 10
c.extra = 1
c.extra += 1
setattr(c, 'other', 5)
print(c.extra, c.other)  #> 2 5

counter = 0
def count():
    global counter
    counter += 1
    return counter
count()
print(count(), counter)  #> 2 2
def outer():
    n = 0
    def inner():
        nonlocal n
        n += 1
        return n
    inner()
    inner()
    return n
print(outer())  #> 2
def wrap(word):
    def decorator(f):
        def wrapper(*args, **kwargs):
            return word + f(*args, **kwargs)
        return wrapper
    return decorator
@wrap('a')
@wrap('b')
def decorated(x):
    return x
print(decorated('c'))  #> abc
class Resource:
    def __enter__(self):
        print('enter')
        return self
    def __exit__(self, kind, value, trace):
        print('exit', value)
        return True
def use():
    with Resource() as r:
        y = 5
        return y
print(use())
#> enter
#> exit None
#> 5
with Resource():
    raise ValueError('gone')
#> enter
#> exit gone
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(15))  #> 610
