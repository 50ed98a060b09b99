# ends: steps cpu
while True:
    x = 1
