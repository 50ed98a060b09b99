# run: 提单
# prints: 第 1 次：503，再试
# prints: 工单 T-1：web-1 内存泄漏
# returns: ["application/json",200]
import json, memseep, time
地址 = DFF.ENV('SERVER')

def 请求(path, body):
    for 次数 in range(1, 4):
        应答 = memseep.http(地址 + path, method='POST', headers={'Authorization': 'Bearer ' + DFF.ENV('SECRET')}, body=body, timeout=5)
        if 应答['status'] < 500:
            return 应答
        print(f'第 {次数} 次：{应答["status"]}，再试')
    raise RuntimeError('工单系统不可用')

def 提单():
    for v in memseep.verdicts('web-1'):
        if v['leak'] and v['object']['kind'] == 'host':
            应答 = 请求('/tickets', {'title': f"{v['object']['host']} 内存泄漏", 'labels': ['memory']})
            工单 = json.loads(应答['body'])
            print(f"工单 {工单['id']}：{工单['title']}")
    return [应答['headers']['content-type'], 应答['status']]
