# run: run
# fails: 3: KeyError: 'nothing'
import tools__fails
def run():
    return tools__fails.x
