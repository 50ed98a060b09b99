# run: run {"nothing": 1}
# fails: 3: TypeError: function run got an unexpected keyword argument "nothing"
def run(configs=None):
    pass
