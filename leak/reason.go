package leak

import (
	"fmt"
	"math"
)

// ExplainedByWorkloads is the code of the reason for which a host that grows is overruled.
const ExplainedByWorkloads = "explained_by_workloads"

// sentence says one reason: its number in a form, and what it means where it speaks for a leak and
// where it speaks against one, each in English, then Chinese. %s is the number.
type sentence struct {
	form         func(float64) string
	leak, noLeak [2]string
}

var sentences = map[string]sentence{
	"growth_over_noise": {number,
		[2]string{"it grows clearly: %s times the noise of its floor", "增长明显：为底线波动的 %s 倍"},
		[2]string{"it hardly grows: %s times the noise of its floor", "增长不明显：为底线波动的 %s 倍"}},
	"keeps_on": {number,
		[2]string{"it keeps growing: the last two hours at %s times the pace of the six", "仍在增长：最近两小时为六小时平均速度的 %s 倍"},
		[2]string{"it grows less: the last two hours at %s times the pace of the six", "增长减弱：最近两小时为六小时平均速度的 %s 倍"}},
	"last_hour": {number,
		[2]string{"it grew to the end: the last hour at %s times the pace of the six", "一直增长到最后：最近一小时为六小时平均速度的 %s 倍"},
		[2]string{"it stopped growing: the last hour at %s times the pace of the six", "增长停止：最近一小时为六小时平均速度的 %s 倍"}},
	"one_step": {percent,
		[2]string{"it rises rather than steps up once (fit of a step against a line: %s)", "是持续上升，而不是一次台阶（台阶与直线的拟合差：%s）"},
		[2]string{"a single step may be all (its fit against a line: %s)", "可能只是一个台阶（台阶与直线的拟合差：%s）"}},
	"straight_since": {percent,
		[2]string{"it grows in a line: %s of its rise is explained by one", "沿直线增长：直线可解释升幅的 %s"},
		[2]string{"it does not grow in a line: %s of its rise is explained by one", "不沿直线增长：直线只解释升幅的 %s"}},
	"even_since": {percent,
		[2]string{"it grows evenly: its slowest third at %s of the mean pace", "增长均匀：最慢的三分之一为平均速度的 %s"},
		[2]string{"it grows unevenly: its slowest third at %s of the mean pace", "增长不均匀：最慢的三分之一为平均速度的 %s"}},
	"thirds_since": {percent,
		[2]string{"it grows throughout: its slower half at %s of the mean pace", "全程增长：较慢的一半为平均速度的 %s"},
		[2]string{"it does not grow throughout: its slower half at %s of the mean pace", "并非全程增长：较慢的一半为平均速度的 %s"}},
	"hours_since": {number,
		[2]string{"it has been growing for %s h of the six", "六小时中已增长 %s 小时"},
		[2]string{"it has been growing for only %s h of the six", "六小时中只增长了 %s 小时"}},
	"slows_down": {percent,
		[2]string{"it does not slow down (first half of the six hours ahead of the second by %s)", "没有放缓（六小时前半段比后半段多 %s）"},
		[2]string{"it slows down: the first half of the six hours grew more than the second by %s", "正在放缓：六小时前半段比后半段多增长 %s"}},
	"new_height": {number,
		[2]string{"its floor was never as high: %s usual spreads above the highest", "底线达到新高：比过去最高处高 %s 个通常波幅"},
		[2]string{"its floor has been about as high before: %s usual spreads above the highest", "底线过去曾达到相近高度：比过去最高处高 %s 个通常波幅"}},
	"not_repeated": {percent,
		[2]string{"the days before did not grow like this at these hours: %s of it is new", "前几天同一时段没有这样增长：其中 %s 是新的"},
		[2]string{"the days before grew alike at these hours: %s of it is new", "前几天同一时段也这样增长：只有 %s 是新的"}},
	"rise_without_example": {number,
		[2]string{"so large a rise in three hours is unusual: %s times the largest before", "三小时内这样的升幅不寻常：为此前最大升幅的 %s 倍"},
		[2]string{"so large a rise in three hours is usual: %s times the largest before", "三小时内这样的升幅很平常：为此前最大升幅的 %s 倍"}},
	"two_days_rise": {percent,
		[2]string{"it has been rising for two days: a line explains %s of them", "两天来持续上升：直线可解释 %s"},
		[2]string{"it has not been rising for two days: a line explains %s of them", "两天来没有持续上升：直线只解释 %s"}},
	"week_rises": {number,
		[2]string{"it has been rising over all the history (rank correlation %s; 1 is always)", "整个历史都在上升（秩相关 %s；1 表示一直上升）"},
		[2]string{"it has not been rising over all the history (rank correlation %s; 1 is always)", "整个历史没有持续上升（秩相关 %s；1 表示一直上升）"}},
	"day_rises": {number,
		[2]string{"it has been rising for a day (rank correlation %s; 1 is always)", "一天来都在上升（秩相关 %s；1 表示一直上升）"},
		[2]string{"it has not been rising for a day (rank correlation %s; 1 is always)", "一天来没有持续上升（秩相关 %s；1 表示一直上升）"}},
	"half_day_slows_down": {percent,
		[2]string{"it does not slow down over twelve hours (first six ahead of the last six by %s)", "十二小时内没有放缓（前六小时比后六小时多 %s）"},
		[2]string{"it slows down: the first six of twelve hours grew more than the last six by %s", "正在放缓：十二小时中前六小时比后六小时多增长 %s"}},
	"half_day_rises": {number,
		[2]string{"it has been rising for twelve hours (rank correlation %s; 1 is always)", "十二小时来都在上升（秩相关 %s；1 表示一直上升）"},
		[2]string{"it has not been rising for twelve hours (rank correlation %s; 1 is always)", "十二小时来没有持续上升（秩相关 %s；1 表示一直上升）"}},
	"rises_over_yesterday": {number,
		[2]string{"it leaves yesterday behind hour by hour (rank correlation %s; 1 is always)", "逐小时高出昨天更多（秩相关 %s；1 表示一直如此）"},
		[2]string{"it moves as yesterday did (rank correlation of the difference %s; 1 is always rising)", "走势与昨天相同（差值的秩相关 %s；1 表示一直上升）"}},
	"above_yesterday": {number,
		[2]string{"nine of ten hours lie above yesterday's, by %s usual spreads", "十分之九的小时高于昨天，高 %s 个通常波幅"},
		[2]string{"its hours do not lie above yesterday's: by %s usual spreads", "各小时并不高于昨天：%s 个通常波幅"}},
	"two_days_one_step": {percent,
		[2]string{"two days rise rather than step up once (fit of a step against a line: %s)", "两天来是持续上升，而不是一次台阶（台阶与直线的拟合差：%s）"},
		[2]string{"a single step may be all of two days (its fit against a line: %s)", "两天来可能只是一个台阶（台阶与直线的拟合差：%s）"}},
	"two_days_new_highs": {percent,
		[2]string{"again and again its floor sets a new high: %s of the times in two days", "底线屡创新高：两天中的 %s"},
		[2]string{"its floor seldom sets a new high: %s of the times in two days", "底线很少创新高：两天中的 %s"}},
	"fell_before": {number,
		[2]string{"it has hardly ever given back as much before: %s times", "此前很少回落这么多：%s 次"},
		[2]string{"it has given back as much before: %s times", "此前曾回落这么多：%s 次"}},
	"limit_met": {percent,
		[2]string{"it climbs to the limit: %s of the room of two days ago is used", "正攀升到上限：两天前的剩余空间已用去 %s"},
		[2]string{"it has room: %s of that of two days ago is used", "仍有空间：两天前的剩余空间已用去 %s"}},
	"killed_and_grown_again": {number,
		[2]string{"it was killed and grew again: %s times", "被终止后再次增长：%s 次"},
		[2]string{"it was seldom killed and grew again: %s times", "很少被终止后再次增长：%s 次"}},
	ExplainedByWorkloads: {percent,
		[2]string{"%s of the host's growth belongs to workloads of which none leaks", "主机增长的 %s 属于没有泄漏的工作负载"},
		[2]string{"%s of the host's growth belongs to workloads of which none leaks", "主机增长的 %s 属于没有泄漏的工作负载"}},
}

// never is said for a leak where what speaks against one has not happened at all.
var never = map[string][2]string{
	"fell_before": {"it has never given back as much before", "此前从未回落这么多"},
}

// Text says a reason in one sentence, in English ("en") or Chinese ("zh"): what it means, then the number.
func (r Reason) Text(lang string) string {
	i := 0
	if lang == "zh" {
		i = 1
	}
	s, ok := sentences[r.Code]
	if !ok {
		return r.Code
	}
	if text, ok := never[r.Code]; ok && r.Value == 0 {
		return text[i]
	}
	text := s.noLeak[i]
	if r.Points > 0 {
		text = s.leak[i]
	}
	return fmt.Sprintf(text, s.form(r.Value))
}

// percent has no sign where it is nought.
func percent(x float64) string { return fmt.Sprintf("%.0f %%", math.Round(100*x)+0) }

// number keeps two figures, and all before the point.
func number(x float64) string {
	if math.Abs(x) >= 10 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2g", x)
}
