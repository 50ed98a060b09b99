# run: run
# invalid: 3:8: there is no module requests here: a script has no network; read samples with memseep.samples(host)
import requests
def run():
    requests.get('http://example.com')
