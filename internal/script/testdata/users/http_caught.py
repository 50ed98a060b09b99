# run: run
# returns: ["ConnectionError",true,404]
import memseep
def run():
    try:
        memseep.http('http://169.254.169.254/latest/meta-data/')
    except OSError as e:
        return [type(e).__name__, 'is not allowed' in str(e), memseep.http(DFF.ENV('SERVER') + '/nothing')['status']]
