from guance_monitor__register import self_hosted_monitor
from guance_monitor__runner import Runner
import container_restarts__main as container_restarts


@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('容器重启 Container restarts', fixed_crontab='10,40 * * * *', timeout=900)
def run(namespaces=None):
    '''
    namespaces: whose containers to look at, one on each line, globs allowed; empty is all
    需要检测的命名空间，每行一个，可用通配符；不填则检测全部容器
    '''
    Runner([container_restarts.ContainerRestarts(namespaces=namespaces)]).run()
