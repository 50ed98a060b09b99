# run: run
# fails: 5: ValueError: an event's status is one of [critical error warning info ok], not fatal
import memseep
def run():
    memseep.report(title='x', status='fatal')
