# ends: error
import memseep
def run():
    for address in ['http://localhost:22', 'http://127.1:22', 'http://[::1]:22', 'http://0.0.0.0:22', 'http://[::ffff:127.0.0.1]:22']:
        try:
            memseep.http(address)
            return address
        except ConnectionError as e:
            last = e
    raise last
