package library

import "strings"

// Name is what scripts are given, for completion.
type Name struct {
	Module    string // where it is imported from; empty for what is there without an import
	Name      string // with dots where it is an attribute
	Signature string
	English   string
	Chinese   string
}

// Names lists all, by module.
func Names() []Name { return completion }

var completion = readCompletion()

// readCompletion reads the list: a module in brackets, then lines of signature | English | Chinese.
func readCompletion() (list []Name) {
	module := ""
	for line := range strings.Lines(completionList) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case line[0] == '[':
			module = strings.Trim(line, "[]")
		default:
			parts := strings.Split(line, " | ")
			name, _, _ := strings.Cut(parts[0], "(")
			name, _, _ = strings.Cut(name, "[")
			list = append(list, Name{Module: module, Name: name, Signature: parts[0], English: parts[1], Chinese: parts[2]})
		}
	}
	return list
}

// completionList has a line for each name that internal/script/modules gives; a test sees to it.
const completionList = `
[]
account['api_key_id'] | The key that a startup script registers with: the variable account_api_key_id. | 启动脚本注册所用密钥的 ID，取自变量 account_api_key_id。
account['api_key'] | Its secret: the variable account_api_key. | 该密钥的密文，取自变量 account_api_key。
account['guance_node'] | The variable account_guance_node. | 取自变量 account_guance_node。
DFF.API(title, category='general', tags=[], timeout=None, fixed_crontab=None, is_hidden=False) | Decorates a function: its title, its timeout in seconds (1 to 3600), the crontab that its triggers have. | 函数的装饰器：标题、超时秒数（1 到 3600）、固定的 crontab。
DFF.LOG(*values) | Prints to the log of the run. | 写入执行记录的日志。
DFF.ENV(name, default=None) | A variable of the set, else of the workspace. | 读取变量：先脚本集，再工作空间。
DFF.CONFIG | All variables, a dict. | 全部变量，字典。
DFF.CTX.get(key, default=None) | What this run has put under the key. | 本次执行中保存的值。
DFF.CTX.set(key, value) | Keeps a value for this run. | 保存一个值，仅在本次执行内有效。
DFF.STORE.get(key, scope='', default=None) | A value that was kept by an earlier run. | 读取以前执行保存的值。
DFF.STORE.set(key, value, scope='', expire=None) | Keeps a value for later runs; expire in seconds. | 为以后的执行保存值，expire 为秒数。
DFF.STORE.delete(key, scope='') | Deletes a value. | 删除一个值。
DFF.CACHE.get(key, scope='', default=None) | A value that was kept, where it has not expired. | 读取缓存中未过期的值。
DFF.CACHE.set(key, value, scope='', expire=None) | Keeps a value; expire in seconds. | 写入缓存，expire 为秒数。
DFF.CACHE.delete(key, scope='') | Deletes a value. | 删除缓存的值。
[guance_monitor__register]
self_hosted_monitor(api_key_id, api_key, guance_node=None) | Decorates a function that is an inspection: each run registers it, and what is configured on its page wins. | 装饰器，声明函数是巡检：每次执行都会注册，页面上的配置优先。
[guance_monitor__runner]
Runner(checkers, debug=False) | Runs checkers one after the other by .run(): MemoryLeakChecks, functions, objects with run() or check(). Events that they return are reported. | 用 .run() 依次运行检查器：MemoryLeakCheck、函数、带 run() 或 check() 的对象；返回的事件会被上报。
[guance_monitor_memory_leak__main]
MemoryLeakCheck(configs=None, filters=[]) | The memory-leak inspection of the hosts that configs names (all where it is empty) and that every filter keeps. | 内存泄漏巡检：configs 列出主机（空为全部），filters 为过滤函数。
[memseep]
hosts() | The names of all hosts, each with .labels, .total_bytes and .collectors. | 全部主机名，带有 .labels、.total_bytes、.collectors。
samples(host, hours=6) | Pairs of time (unix seconds) and percent of a host's memory, oldest first; up to 168 hours. | 主机内存使用率的（时间戳，百分比）列表，由旧到新，最多 168 小时。
workloads(host) | The processes, containers and pods of a host, a dict each, with their samples. | 主机上的进程、容器、Pod，每个是字典，含样本。
query(metric, host=None, hours=6, labels={}, step=None) | The series of any metric, a dict each, with host, labels and samples. | 查询任意指标的序列，每个是字典，含 host、labels、samples。
verdicts(configs=None, filters=[]) | Inspects and returns the verdict of every object; reports nothing. | 巡检并返回每个对象的判定，不上报。
detect(values, step=60, capacity=100, history=None, end=0) | The verdict on numbers of your own; None is a gap. | 对给定数值做判定，None 表示缺失。
report(title, message='', status='warning', dimension_tags={}) | Reports an event: critical, error, warning, info; ok recovers it. | 上报事件：critical、error、warning、info；ok 表示恢复。
http(url, method='GET', headers={}, body=None, timeout=10) | Asks a server that an administrator allows; answers status, headers and body. | 请求管理员允许的服务器，返回 status、headers、body。
now() | The time of the run, unix seconds. | 本次执行的时间，Unix 秒。
[json]
dumps(value, indent=None) | A value as JSON. | 转为 JSON 文本。
loads(s) | The value that a JSON text says. | 解析 JSON 文本。
[math]
acos(x) | Arc cosine. | 反余弦。
acosh(x) | Inverse hyperbolic cosine. | 反双曲余弦。
asin(x) | Arc sine. | 反正弦。
asinh(x) | Inverse hyperbolic sine. | 反双曲正弦。
atan(x) | Arc tangent. | 反正切。
atan2(y, x) | Arc tangent of y/x. | y/x 的反正切。
atanh(x) | Inverse hyperbolic tangent. | 反双曲正切。
ceil(x) | The smallest whole number that is not below x. | 向上取整。
copysign(x, y) | x with the sign of y. | 取 x 的大小和 y 的符号。
cos(x) | Cosine. | 余弦。
cosh(x) | Hyperbolic cosine. | 双曲余弦。
degrees(x) | Radians as degrees. | 弧度转角度。
e | Euler's number. | 自然常数。
exp(x) | e to the power of x. | e 的 x 次方。
fabs(x) | The size of x. | 绝对值。
floor(x) | The largest whole number that is not above x. | 向下取整。
gamma(x) | The gamma function. | 伽马函数。
hypot(x, y) | The distance of (x, y) from the origin. | 到原点的距离。
inf | Infinity. | 无穷大。
isinf(x) | Whether x is infinite. | 是否无穷。
isnan(x) | Whether x is no number. | 是否非数。
log(x, base=e) | The logarithm. | 对数。
mod(x, y) | The remainder of x/y. | 余数。
nan | No number. | 非数。
pi | The circle's number. | 圆周率。
pow(x, y) | x to the power of y. | 乘方。
radians(x) | Degrees as radians. | 角度转弧度。
remainder(x, y) | The IEEE remainder of x/y. | IEEE 余数。
round(x) | The nearest whole number. | 四舍五入取整。
sin(x) | Sine. | 正弦。
sinh(x) | Hyperbolic sine. | 双曲正弦。
sqrt(x) | The square root. | 平方根。
tan(x) | Tangent. | 正切。
tanh(x) | Hyperbolic tangent. | 双曲正切。
[re]
compile(pattern, flags=0) | A pattern that is used several times. | 编译正则表达式。
match(pattern, text, flags=0) | A match at the beginning of the text, or None. | 从开头匹配，无则 None。
fullmatch(pattern, text, flags=0) | A match of the whole text, or None. | 匹配整个文本，无则 None。
search(pattern, text, flags=0) | The first match in the text, or None. | 查找第一个匹配，无则 None。
findall(pattern, text, flags=0) | All matches, a list. | 全部匹配，列表。
sub(pattern, replacement, text, flags=0) | The text with every match replaced. | 替换全部匹配。
split(pattern, text, flags=0) | The parts between the matches. | 按匹配分割。
escape(text) | A pattern that matches the text itself. | 转义为匹配原文的正则。
IGNORECASE | A flag: letters in any case. | 标志：忽略大小写。
I | As IGNORECASE. | 同 IGNORECASE。
[time]
time() | The time of the run, unix seconds with a fraction. | 当前 Unix 时间，秒。
strftime(format, t=None) | A time as text. | 格式化时间。
sleep(seconds) | Waits. | 等待若干秒。
[datetime]
datetime.now() | The time of the run. | 当前时间。
datetime.today() | The time of the run. | 当前时间。
datetime.utcnow() | The time of the run in UTC. | 当前 UTC 时间。
datetime.fromtimestamp(seconds) | A time of unix seconds. | 由 Unix 秒得到时间。
datetime.strptime(text, format) | A time that a text says. | 解析时间文本。
timedelta(days=0, seconds=0, minutes=0, hours=0, weeks=0) | A span of time. | 时间间隔。
timezone.utc | UTC. | UTC 时区。
[collections]
OrderedDict(items=[]) | A dict; all of them keep their order. | 字典，均保持插入顺序。
defaultdict(make) | A dict that makes what is absent. | 缺失时自动生成值的字典。
[fnmatch]
fnmatch(name, pattern) | Whether a name matches a glob, for example web-*. | 名称是否匹配通配符，如 web-*。
[functools]
wraps(function) | For decorators of your own. | 用于自定义装饰器。
partial(function, *args, **kwargs) | A function with some arguments given already. | 预先给定部分参数的函数。
reduce(function, values, initial=None) | Values combined one after the other. | 逐个合并。
[statistics]
mean(values) | The mean. | 平均值。
median(values) | The median. | 中位数。
stdev(values) | The standard deviation of a sample. | 样本标准差。
pstdev(values) | The standard deviation of all. | 总体标准差。
`
