# run: run
# prints: before report
# prints: after report
# returns: "报告: 2"
def logged(name):
    def wrap(f):
        def inner(*args, **kwargs):
            print('before ' + name)
            result = f(*args, **kwargs)
            print('after ' + name)
            return result
        return inner
    return wrap
@logged('report')
def report(count: int, *, title: str = '报告') -> str:
    """docstring"""
    return '{}: {}'.format(title, count)
def run():
    return report(2)
