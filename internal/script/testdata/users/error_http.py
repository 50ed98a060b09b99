# run: run
# fails: 5: ConnectionError: http: example.com:443 is not allowed: server.scripts.allow of the configuration does not name it
import memseep
def run():
    return memseep.http('https://example.com/hook')
