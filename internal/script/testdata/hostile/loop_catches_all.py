# ends: steps cpu
def run():
    while True:
        try:
            raise ValueError('again')
        except:
            continue
