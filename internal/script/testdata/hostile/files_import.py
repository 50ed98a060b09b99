# ends: invalid
import os
def run():
    return os.listdir('/')
