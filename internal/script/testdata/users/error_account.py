# run: run
# account: none
# fails: 5: AccountError: account has no api_key_id: fill in the form of the installation
from guance_monitor__register import self_hosted_monitor
@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('x')
def run():
    pass
