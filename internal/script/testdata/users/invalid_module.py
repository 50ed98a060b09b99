# run: run
# invalid: 3:8: there is no module requests here: call memseep.http(url), which reaches the hosts that are allowed
import requests
def run():
    requests.get('http://example.com')
