package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/memseep/memseep/leak"
)

// words is a text in both languages.
type words struct{ en, zh string }

func (w words) in(lang string) string {
	if lang == "zh" {
		return w.zh
	}
	return w.en
}

var levelWords = map[leak.Level]words{
	leak.Critical: {"critical", "紧急"},
	leak.Error:    {"error", "重要"},
	leak.Warning:  {"warning", "警告"},
	"info":        {"info", "提示"},
	leak.OK:       {"ok", "正常"},
}

var causeWords = map[leak.Cause]words{
	leak.Steady:       {"grows steadily", "持续增长"},
	leak.Stepping:     {"grows in steps", "阶梯式增长"},
	leak.Accelerating: {"grows ever faster", "加速增长"},
	leak.Restarting:   {"killed, grows again", "被杀后再次增长"},
	leak.Exhausted:    {"memory exhausted", "内存已耗尽"},
	leak.Slow:         {"grows slowly for days", "数天缓慢增长"},
	leak.SteadyLevel:  {"steady level", "水平平稳"},
	leak.WarmUp:       {"warm-up", "预热"},
	leak.Step:         {"one step", "单次跃升"},
	leak.Daily:        {"daily cycle", "日周期"},
	leak.Batch:        {"batch job", "批处理任务"},
	leak.Released:     {"released", "已释放"},
	leak.Restart:      {"restart", "重启"},
	leak.Noise:        {"noise", "波动"},
	leak.NoData:       {"no data", "无数据"},
	leak.TooShort:     {"too short", "数据过短"},
}

var kindWords = map[leak.Kind]words{
	leak.KindHost:      {"host", "主机"},
	leak.KindProcess:   {"process", "进程"},
	leak.KindContainer: {"container", "容器"},
	leak.KindPod:       {"pod", "Pod"},
	leak.KindKernel:    {"kernel", "内核"},
}

func levelName(l leak.Level, lang string) string { return word(levelWords, l, lang) }
func causeName(c leak.Cause, lang string) string { return word(causeWords, c, lang) }
func kindName(k leak.Kind, lang string) string   { return word(kindWords, k, lang) }

// word falls back to the name in the code, so that a new member is shown before it is translated.
func word[K ~string](of map[K]words, key K, lang string) string {
	if w, ok := of[key]; ok {
		return w.in(lang)
	}
	return string(key)
}

// objectName names an object in a row: the host, or the workload after it.
func objectName(o leak.Object, lang string) string {
	if o.Kind == leak.KindHost {
		return o.Host
	}
	return o.Host + " / " + workloadName(o.Kind, o.Namespace, o.Name, lang)
}

func workloadName(kind leak.Kind, namespace, name, lang string) string {
	if namespace != "" {
		name = namespace + "/" + name
	}
	return kindName(kind, lang) + " " + name
}

// amount is a value with its unit: "71.2 %", "4.2 GiB".
func amount(v float64, unit leak.Unit) string {
	if unit == leak.Percent && finite(v) != nil {
		return digits(v) + " %"
	}
	return byteSize(v)
}

// rate is a growth an hour: "+0.41 %/h", "+245 MiB/h".
func rate(v float64, unit leak.Unit, lang string) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	sign := "+"
	if v < 0 {
		sign, v = "−", -v
	}
	return sign + amount(v, unit) + words{"/h", "/小时"}.in(lang)
}

// digits keeps three of them, and no more than two behind the point.
func digits(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.1 || a == 0:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

func byteSize(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	i := 0
	for ; math.Abs(v) >= 1023.5 && i < len(units)-1; i++ {
		v /= 1024
	}
	if i == 0 {
		return strconv.FormatFloat(v, 'f', 0, 64) + " B"
	}
	return digits(v) + " " + units[i]
}

// span is a length of time in its two largest units: "1 d 4 h", "1 天 4 小时".
func span(d time.Duration, lang string) string {
	d = max(d, 0).Round(time.Minute)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	unit := func(n int, w words) string { return fmt.Sprintf("%d %s", n, w.in(lang)) }
	day, hour, minute := words{"d", "天"}, words{"h", "小时"}, words{"min", "分钟"}
	switch {
	case days > 365:
		return words{"over a year", "一年以上"}.in(lang)
	case days >= 10 || days > 0 && hours == 0:
		return unit(days, day)
	case days > 0:
		return unit(days, day) + " " + unit(hours, hour)
	case hours > 0 && minutes == 0:
		return unit(hours, hour)
	case hours > 0:
		return unit(hours, hour) + " " + unit(minutes, minute)
	}
	return unit(minutes, minute)
}

// clock is a time in UTC as a person reads it.
func clock(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04") }

// certainty is a confidence; nobody is certain of a leak.
func certainty(confidence float64) string {
	if confidence >= 0.995 {
		return "> 99 %"
	}
	return percent(confidence)
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + " %" }
