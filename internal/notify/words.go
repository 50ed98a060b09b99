package notify

import (
	"fmt"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/leak"
)

var levelNames = map[leak.Level]target.Words{
	leak.Critical: {EN: "Critical", ZH: "紧急"},
	leak.Error:    {EN: "Error", ZH: "重要"},
	leak.Warning:  {EN: "Warning", ZH: "警告"},
	event.Info:    {EN: "Info", ZH: "提示"},
	leak.OK:       {EN: "OK", ZH: "正常"},
}

var reasonNames = map[Reason]target.Words{
	Opened:          {EN: "Memory leak", ZH: "内存泄漏"},
	LevelRose:       {EN: "Level has risen", ZH: "级别升高"},
	Reminder:        {EN: "Still leaking", ZH: "仍在泄漏"},
	Recovered:       {EN: "Recovered", ZH: "已恢复"},
	Withdrawn:       {EN: "Closed", ZH: "已关闭"},
	NotRecovered:    {EN: "Not recovered", ZH: "仍未恢复"},
	NotAcknowledged: {EN: "Nobody has acknowledged", ZH: "无人认领"},
	SilenceBegins:   {EN: "Silence begins", ZH: "静默即将开始"},
	TargetDisabled:  {EN: "Target disabled", ZH: "通知对象已停用"},
	Test:            {EN: "Test", ZH: "测试"},
}

// Name is the reason in words, whatever the event is about.
func (r Reason) Name(language string) string { return r.nameOf("").In(language) }

// mark begins a message: what it is in one word, and how urgent.
func (s *subject) mark() string {
	switch s.reason {
	case Recovered, Withdrawn, Test:
		return reasonNames[s.reason].In(s.language)
	case Opened:
		return levelNames[s.members[0].Level].In(s.language)
	}
	name := s.reason.nameOf(s.event.Object.Kind)
	return levelNames[s.members[0].Level].In(s.language) + s.say(", "+strings.ToLower(name.EN), "，"+name.ZH)
}

// short is the first line, for a phone: the mark, what, and how long is left.
func (s *subject) short() string {
	line := "[" + s.mark() + "] " + s.what()
	if left := s.event.Verdict.Exhaustion.Sub(s.now); !s.ended() && !s.event.Verdict.Exhaustion.IsZero() {
		if left <= 0 {
			return line + s.say(", nothing left", "，内存已耗尽")
		}
		return line + s.say(", "+duration(left, "en")+" left", "，约 "+duration(left, "zh")+"后耗尽")
	}
	if next := s.nextKill(); !next.IsZero() {
		left := next.Sub(s.now)
		return line + s.say(", next kill in "+duration(left, "en"), "，约 "+duration(left, "zh")+"后再次被终止")
	}
	return line
}

// nextKill is when a leak that is killed and leaks again is killed next; zero of others, and where it is over.
func (s *subject) nextKill() time.Time {
	if s.ended() {
		return time.Time{}
	}
	return s.event.Verdict.Restarts.NextAfter(s.now)
}

// title names what leaks, in one line.
func (s *subject) title() string { return "[" + s.mark() + "] " + s.what() }

// what says what leaks: of one event its title, of many how many and what they have in common.
func (s *subject) what() string {
	if !s.many() {
		return event.Title(s.event, s.language)
	}
	if s.anyReported() {
		return s.reportedTogether()
	}
	n := len(s.members)
	name, hosts := s.sameCulprit()
	switch {
	case name != "" && s.ended():
		return s.say(fmt.Sprintf("%s no longer leaks on %d hosts", name, hosts), fmt.Sprintf("%s 在 %d 台主机上的内存泄漏已结束", name, hosts))
	case name != "":
		return s.say(fmt.Sprintf("%s leaks memory on %d hosts", name, hosts), fmt.Sprintf("%s 在 %d 台主机上内存泄漏", name, hosts))
	case s.ended():
		return s.say(fmt.Sprintf("%d memory leaks on %d hosts are over", n, hosts), fmt.Sprintf("%d 台主机上的 %d 个内存泄漏已结束", hosts, n))
	}
	return s.say(fmt.Sprintf("%d memory leaks on %d hosts", n, hosts), fmt.Sprintf("%d 台主机上出现 %d 个内存泄漏", hosts, n))
}

// whyMost is how many of the reasons in numbers a message gives.
const whyMost = 2

// why says what the verdict rests on, in numbers.
func (s *subject) why() string {
	var parts []string
	for _, r := range s.event.Verdict.Reasons {
		if r.Points > 0 && len(parts) < whyMost {
			parts = append(parts, leak.Reason{Code: r.Code, Value: r.Value, Points: r.Points}.Text(s.language))
		}
	}
	if len(parts) == 0 || s.ended() {
		return ""
	}
	return s.say("Why: "+strings.Join(parts, "; ")+".", "依据："+strings.Join(parts, "；")+"。")
}

// todo says what to do, a line each.
func (s *subject) todo() []string {
	e := &s.event
	if s.ended() || s.anyReported() {
		return nil
	}
	var lines []string
	add := func(en, zh string) { lines = append(lines, s.say(en, zh)) }
	name := ""
	if len(e.Suspects) > 0 {
		name = e.Suspects[0].Name
	} else if e.Object.Kind != leak.KindHost {
		name = e.Object.Name
	}
	owner := e.Owner
	if owner == "" && len(e.Suspects) > 0 {
		owner = e.Suspects[0].Owner
	}
	if s.many() {
		if culprit, _ := s.sameCulprit(); culprit != "" {
			add("Look at what was released of "+culprit+" before "+clock(s.begun(), s.policy)+"; roll it back if in doubt.",
				"检查 "+clock(s.begun(), s.policy)+" 之前 "+culprit+" 的发布，必要时回滚。")
		}
		return lines
	}
	killed := s.nextKill()
	soon := !e.Verdict.Exhaustion.IsZero() && e.Verdict.Exhaustion.Sub(s.now).Hours() < 2
	switch {
	case name == "":
		add("Open the event: its page shows which collector would tell who grows.", "打开事件页面：其中说明缺少哪种采集、如何补全。")
	case !killed.IsZero():
		at := clock(killed, s.policy)
		add("Keep a heap dump or profile of "+name+" shortly before it is killed again, at about "+at+"; see what was released of it, and roll it back if in doubt.",
			"趁 "+name+" 再次被终止（约 "+at+"）之前保留堆转储或性能剖析；检查它的发布记录，必要时回滚。")
	case soon:
		add("Restart "+name+" before its memory runs out; keep a heap dump or profile first if there is time.",
			"在内存耗尽之前重启 "+name+"；来得及的话先保留堆转储或性能剖析。")
	default:
		add("Keep a heap dump or profile of "+name+" while it is large, then restart it or roll it back.",
			"趁占用较高时保留 "+name+" 的堆转储或性能剖析，然后重启或回滚。")
	}
	if strings.Contains(owner, "/") {
		add("It belongs to "+owner+": see what was released of it when the growth began.", "属于 "+owner+"：检查增长开始时它的发布记录。")
	}
	return lines
}

func (s *subject) say(en, zh string) string { return words(en, zh).In(s.language) }
