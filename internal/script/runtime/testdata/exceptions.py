def kind(f):
    try:
        f()
    except Exception as e:
        return f'{type(e).__name__}: {e}'
print(kind(lambda: 1 / 0))  #> ZeroDivisionError: division by zero
print(kind(lambda: {'a': 1}['b']))  #> KeyError: 'b'
print(kind(lambda: [1][5]))  #> IndexError: list index out of range
print(kind(lambda: int('x')).split(':')[0])  #> ValueError
print(kind(lambda: None.x).split(':')[0])  #> AttributeError
print(kind(lambda: 1 + 'a').split(':')[0])  #> TypeError

def control(n):
    for i in range(5):
        try:
            if i == n:
                return 'returned'
            if i == 3:
                break
            if i == 1:
                continue
            x = i
        except ValueError:
            x = -1
        else:
            x += 100
        finally:
            print('finally', i)
    return x
print(control(0))
#> finally 0
#> returned
print(control(9))
#> finally 0
#> finally 1
#> finally 2
#> finally 3
#> 102

class TooHigh(ValueError):
    '''an own exception'''
    def __init__(self, value):
        super().__init__(f'{value} is too high')
        self.value = value

def check(v):
    if v > 10:
        raise TooHigh(v)
    return v

try:
    check(11)
except (KeyError, TypeError):
    print('no')
except TooHigh as e:
    print(e, e.value, isinstance(e, ValueError), repr(e))  #> 11 is too high 11 True TooHigh('11 is too high')

def again():
    try:
        try:
            check(12)
        except ValueError as e:
            print('inner', e)  #> inner 12 is too high
            raise
    except Exception as e:
        raise RuntimeError('outer') from e
try:
    again()
except RuntimeError as e:
    print(e, e.__cause__)  #> outer 12 is too high

try:
    value = int('oops')
except ValueError:
    value = 0
print(value)  #> 0
try:
    assert value == 1, 'value is not one'
except AssertionError as e:
    print(e)  #> value is not one
def loops():
    out = []
    while True:
        try:
            out.append(len(out))
            for i in range(3):
                try:
                    if i == 1: break
                finally:
                    out.append('f')
            else:
                out.append('never')
            if len(out) > 4:
                return out
        except KeyError:
            pass
print(loops())  #> [0, 'f', 'f', 3, 'f', 'f']
class Coded(Exception):
    def __init__(self, code, message=''):
        self.code = code
        Exception.__init__(self, message)
try:
    raise Coded(5, 'five')
except Coded as e:
    print(e.code, e, e.args)  #> 5 five ('five',)
