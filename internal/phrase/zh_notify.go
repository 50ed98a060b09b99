package phrase

// zhNotify is what is wrong with policies, silences and templates, and what became of notices.
var zhNotify = map[string]string{
	// Policies and silences.
	"a policy needs a name":                               "告警策略需要名称",
	"events can be gathered for 0 to 30 minutes":          "事件合并时间为 0 到 30 分钟",
	"the silence period is 0, for never again, or longer": "静默期为 0（不再通知）或更长",
	"rule %s": "规则 %s",
	"level %q is none: critical, error and warning are":        "没有级别 %q：可用 critical、error、warning",
	"a rule may have %d escalations":                           "一条规则最多 %d 次升级",
	"an escalation comes after a minute to 7 days":             "升级须在 1 分钟到 7 天之后",
	`an escalation comes unless "recovered" or "acknowledged"`: `升级条件为未 "recovered" 或未 "acknowledged"`,
	"an escalation needs a target":                             "升级需要通知对象",
	"object %q: a bracket is not closed":                       "对象 %q：方括号没有闭合",
	"a condition needs an attribute and a value":               "条件需要属性和值",
	"value %q of %s: a bracket is not closed":                  "%[2]s 的值 %[1]q：方括号没有闭合",
	"a silence needs a name: what it is for":                   "静默需要名称：说明用途",
	"a silence begins now, at a time, or again and again":      "静默须从现在、某个时间或按周期开始",
	"a silence is told at most 7 days before it begins":        "静默最多在开始前 7 天预告",
	"time":                          "时间",
	"it has to end after it begins": "结束时间须晚于开始时间",
	"a duration belongs to a time that comes again: write when it begins as five fields of a crontab line": "时长只用于周期时间：请用 crontab 的五个字段写明何时开始",
	"a time that comes again lasts from a minute to 31 days":                                               "周期时间每次持续 1 分钟到 31 天",
	"time zone %q is not known: write an IANA name as in Europe/Berlin":                                    "没有时区 %q：请填写 IANA 名称，例如 Asia/Shanghai",
	"%q: write five fields, minute hour day month weekday, as in \"0 22 * * 5\"":                           "%q：请写五个字段：分 时 日 月 星期，例如 \"0 22 * * 5\"",
	"%q: %v (Sunday is 0)": "%q：%v（星期日为 0）",

	// Templates.
	"template %s":                                              "模板 %s",
	"the template":                                             "模板",
	"its loops run more than %d times":                         "循环超过 %d 次",
	"it writes more than %d kB":                                "输出超过 %d kB",
	"its functions make more than %d MB of text":               "函数生成的文本超过 %d MB",
	"printf takes no width from a value: write it as a number": "printf 的宽度不能取自变量：请直接写数字",
	"the template is longer than %d kB":                        "模板超过 %d kB",
	"a template cannot define others":                          "模板不能定义其他模板",
	"line %d: a template cannot call others":                   "第 %d 行：模板不能调用其他模板",

	// Acknowledging.
	"this link is not valid, or has expired: open the event in the app instead": "链接无效或已过期，请在应用中打开事件",
	"write who acknowledges": "请填写认领人",
	"acknowledge":            "认领",
	"there is no picture here: the link was changed, has expired, or its event is gone": "没有图片：链接被改动、已过期，或事件已不存在",

	// Notices and targets.
	"it was handed over twice, and each time memseep was stopped before it could keep an answer: it has probably arrived, and is not sent a third time": "已发送两次，每次都在保存应答之前停机：很可能已送达，不再发送第三次",
	"%s was taken out of target %q":     "%s 已从通知对象 %q 中移除",
	"its target was deleted":            "通知对象已删除",
	"target %q is disabled":             "通知对象 %q 已停用",
	"its settings: %v":                  "通知对象的设置：%v",
	"it has failed for two days: %v":    "已连续失败两天：%v",
	"given up after %d tries in %v: %v": "历时 %[2]v、尝试 %[1]d 次后放弃：%[3]v",
	"%s has no setting %q":              "%s 没有设置项 %q",
	"seal the credentials of target %s": "加密通知对象 %s 的凭据",
	"open the credentials of target %s": "解开通知对象 %s 的凭据",
	"read a message that was kept":      "读取已保存的消息",
	"send notice %s":                    "发送通知 %s",

	// How long, as messages write it.
	"%d d %d h":                     "%d 天 %d 小时",
	"%d h %d min":                   "%d 小时 %d 分钟",
	"%d min":                        "%d 分钟",
	"claim notice %s":               "领取通知 %s",
	"mark what is silenced":         "标记被静默的事件",
	"make notices":                  "生成通知",
	"keep what became of notice %s": "保存通知 %s 的结果",
	"keep a message":                "保存消息",
}
