package phrase

// zhAPI is what the API itself answers, and what stands around other packages' errors there.
var zhAPI = map[string]string{

	"%v: check the identifier; of another workspace nothing is seen (X-Workspace names it)": "%v，请检查标识；看不到其他工作空间的内容（由 X-Workspace 指定）",
	"%v: read it again and repeat the change":                                               "%v，请重新读取后再修改",
	"it was changed since it was read, last by %s: read it again and repeat the change":     "读取之后内容已被修改，最后修改者为 %s，请重新读取后再修改",
	"%v: take another name, or change the one that is there":                                "%v，请换一个名称，或修改已有的那个",
	"cursor: %v: leave it out to begin at the first page":                                   "cursor：%v，不填则从第一页开始",
	"it took too long: ask for fewer hosts or a shorter time, or try again later":           "耗时过长：请减少主机数或缩短时间范围，或稍后重试",
	"the client has gone":                                                   "客户端已断开",
	"this failed inside the server: its log says why":                       "服务器内部出错，原因见其日志",
	"there is no %s %s: see /docs for what there is":                        "没有 %s %s，可用的接口见 /docs",
	"the description could not be made: %v":                                 "无法生成接口描述：%v",
	"the metrics store cannot be opened for now: the server's log says why": "指标存储暂时无法打开，原因见服务器日志",

	// Who asks.
	"credentials are missing: send a key as 'Authorization: Bearer ID:SECRET', or sign in":        "缺少凭据：请以 'Authorization: Bearer ID:SECRET' 发送密钥，或登录",
	"the credentials are wrong, expired or revoked: check ID:SECRET of the key, or sign in again": "凭据有误、已过期或已吊销：请检查密钥的 ID:SECRET，或重新登录",
	"these credentials may not do this: %v":                                                       "当前凭据无权执行此操作：%v",
	"ask an owner of the workspace for a higher role, or for a key with more scopes":              "请向工作空间的所有者申请更高的角色，或权限更多的密钥",
	"the credentials could not be checked for now: try again":                                     "暂时无法验证凭据，请重试",
	"the name or the password is wrong":                                                           "用户名或密码错误",
	"a key is not signed in: revoke it instead, or sign in as a person":                           "密钥没有登录状态：请吊销它，或以个人身份登录",
	"the old password is wrong":                                                                   "原密码错误",

	// People, keys, workspaces.
	"this is the last administrator: make somebody else one first":                                 "这是最后一个管理员，请先指定其他管理员",
	"this is the last owner of the workspace: make somebody else one first":                        "这是工作空间的最后一个所有者，请先指定其他所有者",
	"nobody has an account named %q: ask an administrator of the instance to make one":             "没有名为 %q 的账号，请管理员创建",
	"this time has passed: give one that is to come, or leave it out":                              "该时间已过去：请填写将来的时间，或不填",
	"there is no such workspace, or these credentials are for another: name it by X-Workspace too": "没有此工作空间，或凭据属于其他工作空间：请同时以 X-Workspace 指定",
	"this is the only workspace: make another one first":                                           "这是唯一的工作空间，请先新建另一个",

	// Settings.
	"a link has to be http(s)://host/…, with variables as in {host}":                                                                                       "链接的格式为 http(s)://host/…，变量写作 {host}",
	"{%s} is not a variable: use {host} {kind} {name} {namespace} {owner} {culprit} {event} {inspection} {from} {to} {from_ms} {to_ms} or {attribute:KEY}": "{%s} 不是变量：可用 {host} {kind} {name} {namespace} {owner} {culprit} {event} {inspection} {from} {to} {from_ms} {to_ms} 或 {attribute:KEY}",
	"error_hours must not be below critical_hours, and error_percent not above critical_percent":                                                           "error_hours 不得小于 critical_hours，error_percent 不得大于 critical_percent",

	// Inspections and their runs.
	"the line %s is not a name or a glob: close its brackets, or write \\ before a * ? [ that is part of a name":        "“%s”不是名称或通配符：请闭合方括号；若名称中含有 * ? [，请在其前加 \\",
	"there is no such source in the workspace: leave it out for the workspace's own store":                              "工作空间中没有此数据源：不填则使用工作空间自带的存储",
	"there is no such policy in the workspace: leave it out for the workspace's default":                                "工作空间中没有此告警策略：不填则使用默认策略",
	"a run of this inspection is going: wait until it has ended":                                                        "此巡检正在执行，请等它结束",
	"a script registered this inspection, and what ran it is deleted: give its function %s a trigger, which has the %s": "此巡检由脚本注册，而执行它的触发器已删除：请为函数 %s 新建触发器，由触发器设置 %s",
	"a script registered this inspection, and its trigger has the %s: change trigger %s (PUT /api/v1/triggers/%s)":      "此巡检由脚本注册，%s 由其触发器设置：请修改触发器 %s（PUT /api/v1/triggers/%s）",
	"line %d: inspection %q: %v": "第 %d 行：巡检 %q：%v",
	"there is no source named %q: add it first, or leave source out for the workspace's own store": "没有名为 %q 的数据源：请先添加，或不填 source 以使用工作空间自带的存储",
	"window has to lie between 2h and 6h":                                        "window 须在 2h 到 6h 之间",
	"history has to lie between 0s and 7d":                                       "history 须在 0s 到 7d 之间",
	"timeout has to lie between 1s and 1h":                                       "timeout 须在 1s 到 1h 之间",
	"healthy_runs has to lie between 1 and 100, no_data_runs between 1 and 1000": "healthy_runs 须在 1 到 100 之间，no_data_runs 须在 1 到 1000 之间",
	"there is more than one document: put all inspections into one list":         "文件中有多个文档：请把所有巡检放进一个列表",
	"line %d: an inspection needs a name":                                        "第 %d 行：巡检需要名称",
	"line %d: inspection %q needs a schedule, for example '0 * * * *'":           "第 %d 行：巡检 %q 需要执行时间，例如 '0 * * * *'",
	"line %d: inspection %q stands on line %d already":                           "第 %d 行：巡检 %q 在第 %d 行已出现过",
	"%q is not a duration like 90s, 6h or 7d":                                    "%q 不是 90s、6h、7d 这样的时长",
	"the inspection could not be made: %v":                                       "无法执行巡检：%v",
	"from lies after the newest sample, which is of %s":                          "from 晚于最新数据的时间 %s",
	"from has to lie before to, at most 7 days and 6 hours":                      "from 须早于 to，且相隔不超过 7 天 6 小时",
	"the samples could not be read: %v":                                          "无法读取数据：%v",

	// Events.
	"write it as KEY:VALUE, for example namespace:shop":       "请写成 KEY:VALUE，例如 namespace:shop",
	"the event has recovered already: there is nothing to do": "事件已恢复，无需操作",
	"the event has no curve to draw":                          "此事件没有可绘制的曲线",

	// Alerts.
	"there is no policy %q in the workspace: GET /policies lists them":                       "工作空间中没有告警策略 %q：GET /policies 可列出",
	"there is no target %q in the workspace: GET /targets lists them":                        "工作空间中没有通知对象 %q：GET /targets 可列出",
	"there is no inspection %q in the workspace: GET /inspections lists them":                "工作空间中没有巡检 %q：GET /inspections 可列出",
	"the silence has ended already":                                                          "此静默已结束",
	"the silence has not begun yet: delete it instead":                                       "此静默尚未开始，请直接删除",
	"a workspace keeps a default: make another policy the default instead":                   "工作空间须有默认策略：请把另一个策略设为默认",
	"the kind of a target stays: add a new one instead":                                      "通知对象的类型不能修改，请新建一个",
	"%s changes: give %s again, so that it goes nowhere else unasked":                        "%s 有变动：请重新填写 %s，以免凭据被发往别处",
	"the address changes: enter the credentials again, so that they go nowhere else unasked": "地址有变动：请重新填写凭据，以免被发往别处",

	// Scripts, triggers, variables, packages.
	"the binary's own source is always there: it cannot be changed or deleted":            "内置来源始终存在，不能修改或删除",
	"a run of this trigger is going: wait until it has ended":                             "此触发器正在执行，请等它结束",
	"somebody changed it since it was read: read it again and repeat the change":          "读取之后已被他人修改：请重新读取后再修改",
	"there is no such set in the workspace: leave it out for a variable of all sets":      "工作空间中没有此脚本集：不填则适用于全部脚本集",
	"there is no such set in the workspace: add it first":                                 "工作空间中没有此脚本集，请先新建",
	"as many drafts as this server runs at once are running: wait a moment and try again": "同时试运行的草稿已达上限，请稍后重试",
	"the draft is what version %d is: there is nothing to publish":                        "草稿与版本 %d 相同，没有可发布的内容",
	"line %d, column %d: %v": "第 %d 行第 %d 列：%v",

	// Addresses outside, and what was being done.
	"%q is not an address: write it as http(s)://host:port[/prefix] of a server":                    "%q 不是地址：请写成服务器的 http(s)://host:port[/prefix]",
	"the address has to begin with http:// or https://, not with %s":                                "地址须以 http:// 或 https:// 开头，不能是 %s",
	"the address must not hold a user or password: give them as credentials, which are kept sealed": "地址中不能含有用户名或密码：请填写在凭据中，会加密保存",
	"the address must not have a query or a fragment":                                               "地址中不能有查询参数或片段",
	"%s may not be asked: it is link-local, multicast or unspecified":                               "不允许访问 %s：它是链路本地、组播或未指定地址",
	"%s may not be asked: it is private, and server.allow_private is false":                         "不允许访问 %s：它是内网地址，而 server.allow_private 为 false",
	"%s may not be asked: a cloud's metadata service answers there":                                 "不允许访问 %s：它是云厂商的元数据服务",
	"connect to %s":                      "连接 %s",
	"seal credentials":                   "加密凭据",
	"nothing is changed":                 "没有改动",
	"write event %s":                     "写出事件 %s",
	"write inspection %s":                "写出巡检 %s",
	"write inspections as YAML":          "把巡检写成 YAML",
	"write the settings of workspace %s": "写入工作空间 %s 的设置",
	"open the credentials of source %s: the secret key is another one than when they were kept: enter them again": "解开数据源 %s 的凭据：密钥与保存时不同，请重新填写",
	"%s leaks on %d hosts":                      "%s 在 %d 台主机上内存泄漏",
	"expires has to lie in the years 1 to 9999": "expires 须在公元 1 到 9999 年之间",
	"a time has to lie in the years 1 to 9999 of UTC, and one lies in the year %s": "时间须在公元 1 到 9999 年（UTC）之间，其中一个在 %s 年",
	"%s may not be asked, since it leads on: %v":                                   "不允许访问 %s，它会转到别处：%v",
}
