# run: run
# fails: 5: KeyError: 'web'
import tools__hosts
def run():
    return tools__hosts.limit('web-1')
