# run: run
# returns: [80,"KeyError"]
def run():
    from tools__hosts import limit
    try:
        limit('web-1')
    except KeyError as e:
        return [limit('db-1'), type(e).__name__]
