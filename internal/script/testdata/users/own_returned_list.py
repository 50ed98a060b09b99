# run: check
# event: warning disk filling
# event: ok network is well
# returns: [{"title":"disk filling"},{"title":"network is well","status":"ok"}]
from guance_monitor__register import self_hosted_monitor
@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('返回事件')
def check():
    return [{'title': 'disk filling'}, {'title': 'network is well', 'status': 'ok'}]
