# run: run
# returns: [null,{"web-1":[1,2.5]},"d",null]
def run():
    first = DFF.STORE.get('seen')
    DFF.STORE.set('seen', {'web-1': [1, 2.5]}, scope='')
    second = DFF.STORE.get('seen')
    DFF.STORE.delete('seen')
    DFF.CACHE.set('c', 1, expire=60)
    return [first, second, DFF.STORE.get('seen', default='d'), DFF.CACHE.get('other')]
