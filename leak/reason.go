package leak

import "fmt"

// ExplainedByWorkloads is the code of the reason for which a host that grows is overruled.
const ExplainedByWorkloads = "explained_by_workloads"

// sentences holds a sentence for each feature, English then Chinese; %s is the number.
var sentences = map[string][2]string{
	"growth_over_noise":      {"the growth over the window is %s times the noise of its floors", "窗口内的增长为底线噪声的 %s 倍"},
	"keeps_on":               {"the last two hours grew at %s times the window's mean pace", "最近两小时的增长为窗口平均速度的 %s 倍"},
	"last_hour":              {"the last hour grew at %s times the window's mean pace", "最近一小时的增长为窗口平均速度的 %s 倍"},
	"one_step":               {"a single step explains the window by %s more of its variance than a line", "单个台阶比直线多解释窗口方差的 %s"},
	"straight_since":         {"a line explains %s of the floor since the growth began", "增长开始以来，直线可解释底线变化的 %s"},
	"even_since":             {"the slowest third of the growth has %s times its mean pace", "增长最慢的三分之一为平均速度的 %s"},
	"thirds_since":           {"the slower half of the growth has %s times its mean pace", "增长较慢的一半为平均速度的 %s"},
	"hours_since":            {"it has been growing for %s h within the window", "窗口内已持续增长 %s 小时"},
	"slows_down":             {"the first half grew more than the second by %s of both", "前半段比后半段多增长总量的 %s"},
	"new_height":             {"the floor stands %s spreads of the past above its highest", "底线比过去最高的底线高出 %s 个历史离散度"},
	"not_repeated":           {"%s of the growth was not seen at the same hours of the days before", "增长中有 %s 在前几天同一时段没有出现过"},
	"rise_without_example":   {"the largest rise in three hours is %s times the largest before", "三小时最大升幅为此前最大升幅的 %s 倍"},
	"two_days_rise":          {"a line explains %s of the hourly floors of two days", "直线可解释两天内每小时底线变化的 %s"},
	"week_rises":             {"the three-hour floors rise over the history: rank correlation %s (1 is always)", "历史上每三小时的底线上升：秩相关为 %s（1 表示一直上升）"},
	"day_rises":              {"the hourly floors of a day rise: rank correlation %s", "一天内每小时底线上升：秩相关为 %s"},
	"half_day_slows_down":    {"the first six of twelve hours grew more than the last six by %s of both", "十二小时中前六小时比后六小时多增长总量的 %s"},
	"half_day_rises":         {"the hourly floors of twelve hours rise: rank correlation %s", "十二小时内每小时底线上升：秩相关为 %s"},
	"rises_over_yesterday":   {"today rises above yesterday hour by hour: rank correlation %s", "今天逐小时高于昨天：秩相关为 %s"},
	"above_yesterday":        {"nine of ten hours lie above yesterday's by %s spreads", "十分之九的小时高于昨天，幅度为 %s 个离散度"},
	"two_days_one_step":      {"a single step explains two days by %s more of their variance than a line", "单个台阶比直线多解释两天方差的 %s"},
	"two_days_new_highs":     {"%s of the three-hour floors of two days set a new high", "两天内每三小时底线中有 %s 创出新高"},
	"fell_before":            {"as large a growth was given back %s times before", "此前同样大的增长曾回落 %s 次"},
	"limit_met":              {"the climb has used %s of the room that was left two days ago", "攀升已用去两天前剩余空间的 %s"},
	ExplainedByWorkloads:     {"%s of the host's growth belongs to workloads of which none leaks", "主机增长的 %s 属于没有泄漏的工作负载"},
	"killed_and_grown_again": {"it was killed and grew again %s times", "被终止后再次增长 %s 次"},
}

// Text says a reason in one sentence, in English ("en") or Chinese ("zh").
func (r Reason) Text(lang string) string {
	i := 0
	if lang == "zh" {
		i = 1
	}
	s, ok := sentences[r.Code]
	if !ok {
		return r.Code
	}
	return fmt.Sprintf(s[i], fmt.Sprintf("%.3g", r.Value))
}
