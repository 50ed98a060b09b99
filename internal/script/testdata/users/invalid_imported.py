# run: run
# invalid: 3:6: tools__wrong:2:12: there is the end of the line where `:` belongs behind the condition
from tools__wrong import f
def run():
    return f()
