前缀 = 'web-'
def 中文名(host):
    return f'主机 {host}'
