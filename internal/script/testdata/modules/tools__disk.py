'''磁盘：各脚本共用的计算'''
import memseep

def 剩余(小时=24, **标签):
    return memseep.query('node_filesystem_avail_bytes', hours=小时, labels=标签)

def slope(samples):
    '''bytes an hour, by least squares'''
    n = len(samples)
    if n < 2:
        return 0.0
    mt = sum([t for t, _ in samples]) / n
    mv = sum([v for _, v in samples]) / n
    over = sum([(t - mt) * (v - mv) for t, v in samples])
    under = sum([(t - mt) ** 2 for t, _ in samples])
    return over / under * 3600 if under else 0.0
