# run: run
# invalid: 4:18: there is the end of the line where `:` belongs behind the condition
def run():
    if 'a' == 'b'
        return 1
