# ends: fine
import re
def run():
    assert not re.match('(a+)+$', 'a' * 50000 + 'b')
