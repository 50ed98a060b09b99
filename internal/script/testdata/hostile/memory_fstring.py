# ends: memory
def run():
    s = 'x'
    while True:
        s = f'{s}{s}{s}'
