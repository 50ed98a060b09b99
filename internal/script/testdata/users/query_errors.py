# run: run
# returns: ["query: the source knows no host web-9","query: hours are more than 0 and up to 168","query: step is a number of seconds, at least 1, and of 1s at most 11000 fit into the hours","query: labels is a dict, not 'x'",[]]
import memseep
def attempt(*args, **kwargs):
    try:
        return memseep.query(*args, **kwargs)
    except (ValueError, TypeError) as e:
        return str(e)
def run():
    return [
        attempt('node_filesystem_avail_bytes', host='web-9'),
        attempt('node_filesystem_avail_bytes', hours=200),
        attempt('node_filesystem_avail_bytes', 'web-1', 6, step=1),
        attempt('node_filesystem_avail_bytes', labels='x'),
        attempt('node_filesystem_avail_bytes', labels={'mountpoint': '/nothing'}),
    ]
