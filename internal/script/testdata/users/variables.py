# run: run
# returns: ["生产",5,"no","x",true]
# prints: the key is ***
def run():
    print('the key is', DFF.ENV('SECRET'))
    DFF.CTX.set('mine', 'x')
    return [DFF.ENV('NAME'), DFF.ENV('LIMIT') + 1, DFF.ENV('ABSENT', 'no'), DFF.CTX.get('mine'), 'LIMIT' in DFF.CONFIG]
