package phrase

// zhScript is why a script could not go on: its limits, what it may reach, and what it asked for.
var zhScript = map[string]string{
	"the script ran longer than %s, and was ended":                             "脚本执行超过 %s，已终止",
	"the script calculated longer than %s, and was ended":                      "脚本占用 CPU 超过 %s，已终止",
	"the script used more than %d MB of memory, and was ended":                 "脚本使用内存超过 %d MB，已终止",
	"the script took more than %d steps, and was ended":                        "脚本执行超过 %d 步，已终止",
	"the script's functions call each other more than %d deep: RecursionError": "脚本的函数调用超过 %d 层：RecursionError",
	"the script printed or returned more than %d kB, and was ended":            "脚本的输出或返回值超过 %d kB，已终止",
	"the run was stopped": "执行被停止",
	"the script's process ended without an answer (%s): %s": "脚本的进程没有应答就结束了（%s）：%s",
	"find this program to start a script":                   "查找用于启动脚本的程序",
	"start a script":                                        "启动脚本",
	"read the job":                                          "读取任务",
	"the returned value":                                    "返回值",
	"the result cannot be written: %v":                      "无法写出结果：%v",
	"the arguments cannot be written: %v":                   "无法写出参数：%v",
	"the arguments are longer than %d MB":                   "参数超过 %d MB",
	"there is no call %s":                                   "没有调用 %s",
	"read the result of %s":                                 "读取 %s 的结果",
	"load %s":                                               "加载 %s",
	"the script asks for %s while it is loaded: do that in a function":                             "脚本在加载时请求了 %s：请放到函数中执行",
	"the scripts import each other in a circle, %s: move what they share into a script of its own": "脚本循环导入（%s）：请把共用的内容移到单独的脚本",
	"more than %d scripts, or %d MB of them, are imported":                                         "导入的脚本超过 %d 个，或总计超过 %d MB",
	"%s: more than %d MB are kept: delete what is done with":                                       "%s：保存的内容超过 %d MB，请删除不再需要的内容",

	// What it may reach;.
	"%s is not allowed: scripts may call no host until server.scripts.allow of the configuration names some":                            "不允许访问 %s：在配置的 server.scripts.allow 中写明主机之前，脚本不能访问任何主机",
	"%s is not allowed: server.scripts.allow of the configuration does not name it":                                                     "不允许访问 %s：配置的 server.scripts.allow 中没有它",
	"it leads to %s, where clouds keep their machines' credentials: that is %v":                                                         "它指向 %s，云厂商在此存放机器的凭据：%v",
	"it leads to %s, which is not of the public internet: that is %v until server.scripts.allow names the address or a network with it": "它指向 %s，不属于公网：在 server.scripts.allow 中写明该地址或所在网段之前%v",
	"%q is no host that scripts may call: write HOST, HOST:PORT, a glob like *.example.com, or a network like 10.0.0.0/8":               "%q 不能作为允许脚本访问的主机：请写 HOST、HOST:PORT、*.example.com 这样的通配符，或 10.0.0.0/8 这样的网段",

	// What it asked for.
	"query: hours are more than 0 and up to %s":                                                                           "query：hours 须大于 0 且不超过 %s",
	"query: step is a number of seconds, at least 1, and of %s at most %d fit into the hours":                             "query：step 为秒数，至少为 1；在此时间内步长 %s 最多 %d 个",
	"query: this source has metrics of memory alone: read a server with the Prometheus API, or the workspace's own store": "query：此数据源只有内存指标：请从提供 Prometheus API 的服务器或工作空间自带的存储读取",
	"query": "query",
	"more than %d series: name a host, or labels":                                "超过 %d 条序列：请指定主机或标签",
	"more than %d samples: ask for fewer hours, a larger step, a host or labels": "超过 %d 个样本：请减少 hours、加大 step，或指定主机、标签",
	"more than %d samples in one run":                                            "一次执行中超过 %d 个样本",
	"samples: hours are more than 0 and up to %s":                                "samples：hours 须大于 0 且不超过 %s",

	// What it called.
	"http": "http",
	"%q is no address: write http://host[:port]/path or https://…": "%q 不是地址：请写 http://host[:port]/path 或 https://…",
	"the method is one of %s, not %q":                              "method 须为 %s 之一，不能是 %q",
	"timeout is a number of seconds above 0, up to %f":             "timeout 为大于 0 的秒数，不超过 %f",
	"the body is longer than %d MB":                                "body 超过 %d MB",
	"the headers are longer than %d kB":                            "请求头超过 %d kB",
	"it points to %s, which is not HTTP":                           "它指向 %s，不是 HTTP",
	"it points elsewhere":                                          "它重定向到别处",
	"%s did not answer in time":                                    "%s 未在规定时间内应答",
	"more than %d calls in one run":                                "一次执行中的调用超过 %d 次",
	"the answer of %s is longer than %d MB":                        "%s 的应答超过 %d MB",
	"the time of the run is over":                                  "执行时间已到",
	"write %s for a script":                                        "为脚本写入 %s",
}
