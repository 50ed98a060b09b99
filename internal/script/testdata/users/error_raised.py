# run: run
# fails: 7: Wrong: 阈值 必须是数字: 'x'
class Wrong(ValueError):
    '''own'''
def run(limit='x'):
    if not isinstance(limit, (int, float)):
        raise Wrong(f'阈值 必须是数字: {limit!r}')
