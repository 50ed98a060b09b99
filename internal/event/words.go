package event

import (
	"fmt"
	"strings"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// Title says in one line what leaks and how fast, in English ("en") or Chinese ("zh"). What a script
// reported has the title that it was given.
func Title(e Event, lang string) string {
	if e.Object.Kind == KindCheck {
		return e.Title
	}
	s := say(lang)
	o, what, c := e.Object, s("host %s", "主机 %s", e.Object.Host), culprit(&e)
	switch {
	case o.Kind != leak.KindHost:
		what, c = onHost(o.Host, o.Kind, o.Namespace, o.Name, lang), nil
	case e.Cause == leak.Restarting && c != nil: // it is not the host that is killed
		what, c = onHost(o.Host, c.Kind, c.Namespace, c.Name, lang), nil
	}
	title := ""
	switch pace := rate(e.Verdict.SlopePerHour, e.Verdict.Unit, lang); {
	case e.Cause == leak.Exhausted:
		title = s("%s has used up its memory", "%s 内存已耗尽", what)
	case e.Cause == leak.Restarting:
		title = s("%s leaks memory, is killed and leaks again", "%s 内存泄漏，被终止后再次泄漏", what)
	case pace != "":
		title = s("%s leaks %s of memory an hour", "%s 内存泄漏，每小时 %s", what, pace)
	default:
		title = s("%s leaks memory", "%s 内存泄漏", what)
	}
	if c != nil {
		title += s(": %s", "：%s", workload(c.Kind, c.Namespace, c.Name, lang))
	}
	if lang == "zh" { // it may begin with a name
		return title
	}
	return capital(title)
}

// onHost says which workload of which host; Chinese has a space before a Latin word alone.
func onHost(host string, kind leak.Kind, namespace, name, lang string) string {
	zh := "主机 %[2]s 的%[1]s"
	if kind == leak.KindPod {
		zh = "主机 %[2]s 的 %[1]s"
	}
	return say(lang)("%s on host %s", zh, workload(kind, namespace, name, lang), host)
}

// culprit is the suspect that is named; nil where nobody is.
func culprit(e *Event) *Suspect {
	named := e.Attributes[AttrCulprit]
	for i := range e.Suspects {
		s := &e.Suspects[i]
		if named != "" && OwnerOf(leak.Object{Kind: s.Kind, Name: s.Name, Namespace: s.Namespace}, s.Owner) == named {
			return s
		}
	}
	return nil
}

// Overview says what a person has to know, a sentence a line, in English ("en") or Chinese ("zh"):
// how much is in use, since when and how fast it grows, when it is exhausted, who grows, and where
// nobody is named why. The times are UTC. What a script reported has its message instead, in Markdown.
func Overview(e Event, lang string) string {
	if e.Object.Kind == KindCheck {
		return reported(&e, lang)
	}
	s, v := say(lang), &e.Verdict
	var lines []string
	line := func(en, zh string, args ...any) { lines = append(lines, s(en, zh, args...)) }
	if e.Status == Recovered {
		lines = append(lines, recoverySentence(&e, lang))
	}
	line("%s: %s is in use.", "%s：当前用量 %s。", causeName(e.Cause, lang), amount(v.Value, v.Unit))
	if pace := rate(v.SlopePerHour, v.Unit, lang); pace != "" {
		if e.Onset.IsZero() {
			line("It grows by %s an hour.", "每小时增长 %s。", pace)
		} else {
			line("It has been growing by %s an hour since %s.", "自 %[2]s 起每小时增长 %[1]s。", pace, clock(e.Onset))
		}
	}
	switch left := v.Exhaustion.Sub(v.At); {
	case v.Exhaustion.IsZero():
	case left <= 0:
		line("Nothing is left.", "内存已无剩余。")
	default:
		line("At this pace it is exhausted in %s, at %s.", "按此速度，%s后（%s）耗尽。", span(left, lang), clock(v.Exhaustion))
	}
	if r := v.Restarts; r.Count == 1 {
		line("It was killed once, at %s and %s.", "曾在 %s 被终止一次，当时用量 %s。", clock(r.First), amount(r.Peak, v.Unit))
	} else if r.Count > 1 {
		line("It was killed %d times since %s, at about %s each.", "自 %[2]s 起已被终止 %[1]d 次，每次约在 %[3]s 处。", r.Count, clock(r.First), amount(r.Peak, v.Unit))
	}
	if next := v.Restarts.NextAfter(v.At); !next.IsZero() {
		line("At this pace it is killed again in %s, at %s.", "按此速度，%s后（%s）再次被终止。", span(next.Sub(v.At), lang), clock(next))
	}
	for i, one := range e.Suspects {
		if i == 3 {
			line("… and %d more", "…… 另有 %d 个", len(e.Suspects)-i)
			break
		}
		text := s("%s: %.0f %% of the growth, +%s, now %s", "%s：占增长的 %.0f %%，+%s，当前 %s",
			capital(workload(one.Kind, one.Namespace, one.Name, lang)), 100*one.Share, size(float64(one.Growth)), size(float64(one.Bytes)))
		if left := one.Exhaustion.Sub(v.At); one.Kind != leak.KindProcess && !one.Exhaustion.IsZero() {
			text += s("; it runs out in %s", "；%s后耗尽", span(left, lang))
		}
		lines = append(lines, text+s(".", "。"))
	}
	if why := WhyNobody(e, lang); why != "" {
		lines = append(lines, why)
	}
	return strings.Join(lines, "\n")
}

// reported is what a script said of an object, and where it is over how that came.
func reported(e *Event, lang string) string {
	var parts []string
	if e.Status == Recovered {
		parts = append(parts, recoverySentence(e, lang))
	}
	if message := strings.TrimSpace(e.Message); message != "" {
		parts = append(parts, message)
	}
	if len(parts) == 0 {
		parts = append(parts, say(lang)("Reported by the script of %s.", "由“%s”的脚本报告。", e.Inspection))
	}
	return strings.Join(parts, "\n")
}

func recoverySentence(e *Event, lang string) string {
	s, took := say(lang), span(e.RecoveredAt.Sub(e.OpenedAt), lang)
	switch e.Recovery {
	case NoData:
		return s("Closed after %s because its data ended.", "数据中断，持续 %s 后关闭。", took)
	case ByHand:
		return s("Closed by hand after %s.", "持续 %s 后被人工恢复。", took)
	case ByItself:
		if e.Object.Kind == KindCheck {
			return s("Reported as over after %s.", "持续 %s 后由脚本报告恢复。", took)
		}
	case Merged:
		return s("After %s it goes on in the event of its host.", "持续 %s 后并入其主机的事件。", took)
	}
	return s("Recovered by itself after %s.", "持续 %s 后自行恢复。", took)
}

// Codes of Event.NoSuspects, beside those of leak.Note.
const (
	NobodySeen   = "no_workloads"     // no workload is seen at all, and no collector is known to lack
	NobodyGrew   = "nobody_grew"      // workloads are seen, and none grows as the host does
	KernelUnseen = "kernel_is_unseen" // the same, where the kernel's own memory is not seen
)

// whyNobody is the code of why a host's finding names no suspect.
func whyNobody(f *inspect.Finding) string {
	for _, n := range f.Notes {
		if strings.HasPrefix(n.Code, leak.NoProcesses) {
			return n.Code
		}
	}
	if f.Health == nil || f.Health.Workloads == 0 {
		return NobodySeen
	}
	for _, m := range f.Health.Missing {
		if m.Code == inspect.MissingKernel {
			return KernelUnseen
		}
	}
	return NobodyGrew
}

// WhyNobody says why an event names no suspect and what to install; empty where one is named.
func WhyNobody(e Event, lang string) string {
	s := say(lang)
	switch e.NoSuspects {
	case "":
		return ""
	case NobodySeen:
		return s("Nobody is named: no processes or containers of host %s are seen. Install process-exporter, cAdvisor or memseep's agent.",
			"未能归因：看不到主机 %s 的进程或容器。请安装 process-exporter、cAdvisor 或 memseep 的 agent。", e.Object.Host)
	case NobodyGrew:
		return s("Nobody is named: no workload grows as the host does. Shared memory, tmpfs and drivers belong to none.",
			"未能归因：没有工作负载与主机同步增长。共享内存、tmpfs 与驱动的内存不属于任何工作负载。")
	case KernelUnseen:
		return s("Nobody is named: no workload grows as the host does, and the kernel's own memory is not seen. Install node_exporter or memseep's agent.",
			"未能归因：没有工作负载与主机同步增长，也看不到内核自身的内存。请安装 node_exporter 或 memseep 的 agent。")
	}
	return s("Nobody is named: %s.", "未能归因：%s。", leak.Note{Code: e.NoSuspects, Host: e.Object.Host}.Text(lang))
}

// say formats a text in the language.
func say(lang string) func(en, zh string, args ...any) string {
	return func(en, zh string, args ...any) string {
		if lang == "zh" {
			return fmt.Sprintf(zh, args...)
		}
		return fmt.Sprintf(en, args...)
	}
}

var causeNames = map[leak.Cause][2]string{
	leak.Steady:       {"Grows steadily", "持续增长"},
	leak.Stepping:     {"Grows in steps", "阶梯式增长"},
	leak.Accelerating: {"Grows ever faster", "加速增长"},
	leak.Restarting:   {"Killed, and grows again", "被终止后再次增长"},
	leak.Exhausted:    {"Memory exhausted", "内存已耗尽"},
	leak.Slow:         {"Grows slowly for days", "数天缓慢增长"},
}

func causeName(c leak.Cause, lang string) string {
	names, ok := causeNames[c]
	switch {
	case !ok:
		return string(c)
	case lang == "zh":
		return names[1]
	}
	return names[0]
}

var kindNames = map[leak.Kind][2]string{
	leak.KindProcess:   {"process ", "进程 "},
	leak.KindContainer: {"container ", "容器 "},
	leak.KindPod:       {"pod ", "Pod "},
	leak.KindKernel:    {"kernel memory ", "内核内存 "},
}

func workload(kind leak.Kind, namespace, name, lang string) string {
	if namespace != "" {
		name = namespace + "/" + name
	}
	if lang == "zh" {
		return kindNames[kind][1] + name
	}
	return kindNames[kind][0] + name
}

// capital begins an English sentence; what begins with another letter stays.
func capital(s string) string {
	if s != "" && 'a' <= s[0] && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}
