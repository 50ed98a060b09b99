# run: run
# invalid: 5:3: this line is indented like none of the blocks above it: indent it like the line that it belongs with
def run():
    x = 1
  return x
