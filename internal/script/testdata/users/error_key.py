# run: run
# fails: 5: KeyError: 'web-9'
def limit(host):
    limits = {'web-1': 80}
    return limits[host]
def run():
    return limit('web-9')
