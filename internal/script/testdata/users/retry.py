# run: run
# prints: try 1 failed: not yet
# prints: try 2 failed: not yet
# prints: done
# returns: 3
import time
class NotYet(Exception):
    pass
def attempt(n):
    if n < 3:
        raise NotYet('not yet')
    return n
def run():
    n = 0
    while True:
        n += 1
        try:
            return attempt(n)
        except NotYet as e:
            DFF.LOG(f'try {n} failed: {e}')
            time.sleep(0)
        finally:
            if n == 3:
                print('done')
