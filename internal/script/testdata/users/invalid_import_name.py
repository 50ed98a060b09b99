# run: run
# invalid: 3:26: the module tools__names has no 后缀
from tools__names import 后缀
