from guance_monitor__register import self_hosted_monitor
@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('别的脚本的巡检')
def run():
    return 'of the other script'
