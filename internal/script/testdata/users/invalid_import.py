# run: run
# invalid: 3:36: the module guance_monitor__runner has no Runer
from guance_monitor__runner import Runer
