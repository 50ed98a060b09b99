package event

import (
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

func TestTitlesAndOverviews(t *testing.T) {
	host := open(t, leaking(midnight))
	pod := host
	pod.Object = leak.Object{Kind: leak.KindPod, Host: "n-1", Namespace: "shop", Name: "cart-7d9f8b6c5-bcdfg"}
	pod.Verdict.Unit, pod.Verdict.SlopePerHour, pod.Verdict.Value = "bytes", 300<<20, 3<<30
	over := host
	over.Status, over.Recovery, over.RecoveredAt = Recovered, ByItself, host.OpenedAt.Add(26*time.Hour)
	limited := host
	limited.Suspects = []Suspect{{Kind: leak.KindPod, Namespace: "shop", Name: "cart", Share: 0.5, Growth: 1 << 30, Bytes: 2 << 30, Level: leak.Critical, Exhaustion: midnight.Add(90 * time.Minute)}}
	exhausted := host
	exhausted.Cause, exhausted.Verdict.Exhaustion = leak.Exhausted, midnight
	killed := host
	killed.Cause, killed.Verdict.Exhaustion = leak.Restarting, time.Time{}
	killed.Verdict.Restarts = Restarts{Count: 4, First: midnight.Add(-8 * time.Hour), Last: midnight.Add(-time.Hour), EverySeconds: 7200, Peak: 60.5, Next: midnight.Add(time.Hour)}
	once := killed
	once.Attributes, once.Suspects = nil, nil
	once.Verdict.Restarts = Restarts{Count: 1, First: midnight.Add(-time.Hour), Last: midnight.Add(-time.Hour), Peak: 60.5}
	check := Event{
		Inspection: "Disks", Object: leak.Object{Kind: KindCheck, Host: "web-1", Name: "disk:/var"}, Title: "disk 满了 on web-1",
		Message: "**92 %** in use\n- by logs\n", Status: Open, OpenedAt: midnight, Level: Info,
	}
	silent := check
	silent.Message = ""
	checked := check
	checked.Status, checked.Recovery, checked.RecoveredAt = Recovered, ByItself, midnight.Add(time.Hour)
	closed := checked
	closed.Recovery = ByHand
	for _, c := range []struct {
		name, lang, title, overview string
		event                       Event
	}{
		{"host", "en", "Host web-1 leaks 3.00 % of memory an hour: process java",
			"Grows steadily: 58.0 % is in use.\nIt has been growing by 3.00 % an hour since 2026-02-28 18:00 UTC.\nAt this pace it is exhausted in 14 h 0 min, at 2026-03-01 14:00 UTC.\nProcess java: 93 % of the growth, +2.79 GiB, now 4.66 GiB.", host},
		{"host", "zh", "主机 web-1 内存泄漏，每小时 3.00 %：进程 java",
			"持续增长：当前用量 58.0 %。\n自 2026-02-28 18:00 UTC 起每小时增长 3.00 %。\n按此速度，14 小时 0 分钟后（2026-03-01 14:00 UTC）耗尽。\n进程 java：占增长的 93 %，+2.79 GiB，当前 4.66 GiB。", host},
		{"pod", "en", "Pod shop/cart-7d9f8b6c5-bcdfg on host n-1 leaks 300 MiB of memory an hour", "Grows steadily: 3.00 GiB is in use.", pod},
		{"pod", "zh", "主机 n-1 的 Pod shop/cart-7d9f8b6c5-bcdfg 内存泄漏，每小时 300 MiB", "持续增长：当前用量 3.00 GiB。", pod},
		{"recovered", "en", "Host web-1 leaks", "Recovered by itself after 1 d 2 h.\n", over},
		{"recovered", "zh", "主机 web-1 内存泄漏", "持续 1 天 2 小时 后自行恢复。\n", over},
		{"limited", "en", "Host web-1 leaks 3.00 %", "Pod shop/cart: 50 % of the growth, +1.00 GiB, now 2.00 GiB; it runs out in 1 h 30 min.", limited},
		{"limited", "zh", "主机 web-1 内存泄漏", "Pod shop/cart：占增长的 50 %，+1.00 GiB，当前 2.00 GiB；1 小时 30 分钟后耗尽。", limited},
		{"exhausted", "en", "Host web-1 has used up its memory: process java", "Memory exhausted: 58.0 % is in use.", exhausted},
		{"exhausted", "zh", "主机 web-1 内存已耗尽：进程 java", "内存已无剩余。", exhausted},
		{"killed", "en", "Process java on host web-1 leaks memory, is killed and leaks again",
			"Killed, and grows again: 58.0 % is in use.\nIt has been growing by 3.00 % an hour since 2026-02-28 18:00 UTC.\nIt was killed 4 times since 2026-02-28 16:00 UTC, at about 60.5 % each.\nAt this pace it is killed again in 1 h 0 min, at 2026-03-01 01:00 UTC.\nProcess java", killed},
		{"killed", "zh", "主机 web-1 的进程 java 内存泄漏，被终止后再次泄漏",
			"被终止后再次增长：当前用量 58.0 %。\n自 2026-02-28 18:00 UTC 起每小时增长 3.00 %。\n自 2026-02-28 16:00 UTC 起已被终止 4 次，每次约在 60.5 % 处。\n按此速度，1 小时 0 分钟后（2026-03-01 01:00 UTC）再次被终止。\n进程 java", killed},
		{"killed once, and nobody named", "en", "Host web-1 leaks memory, is killed and leaks again",
			"Killed, and grows again: 58.0 % is in use.\nIt has been growing by 3.00 % an hour since 2026-02-28 18:00 UTC.\nIt was killed once, at 2026-02-28 23:00 UTC and 60.5 %.", once},
		{"reported", "en", "disk 满了 on web-1", "**92 %** in use\n- by logs", check},
		{"reported", "zh", "disk 满了 on web-1", "**92 %** in use\n- by logs", check},
		{"reported without a message", "en", "disk", "Reported by the script of Disks.", silent},
		{"reported without a message", "zh", "disk", "由“Disks”的脚本报告。", silent},
		{"reported as over", "en", "disk", "Reported as over after 1 h 0 min.\n**92 %** in use", checked},
		{"reported as over", "zh", "disk", "持续 1 小时 0 分钟 后由脚本报告恢复。\n**92 %** in use", checked},
		{"reported and closed by hand", "en", "disk", "Closed by hand after 1 h 0 min.\n", closed},
	} {
		t.Run(c.name+" "+c.lang, func(t *testing.T) {
			if got := Title(c.event, c.lang); !strings.HasPrefix(got, c.title) {
				t.Errorf("title %q, want %q", got, c.title)
			}
			if got := Overview(c.event, c.lang); !strings.Contains(got, c.overview) {
				t.Errorf("overview\n%s\nwant\n%s", got, c.overview)
			}
		})
	}
}

func TestItIsSaidWhyNobodyIsNamed(t *testing.T) {
	kernelMissing := &inspect.Health{Workloads: 3, Missing: []inspect.Missing{{Code: inspect.MissingKernel}}}
	for _, c := range []struct {
		name   string
		notes  []leak.Note
		health *inspect.Health
		en, zh string
	}{
		{"a note of the source", []leak.Note{{Code: leak.NoProcessesTelegraf, Host: "web-1"}}, nil, "procstat", "procstat"},
		{"no workloads", nil, &inspect.Health{}, "Install process-exporter, cAdvisor", "请安装 process-exporter"},
		{"the kernel is not seen", nil, kernelMissing, "kernel's own memory is not seen", "看不到内核自身的内存"},
		{"all is seen", nil, &inspect.Health{Workloads: 3}, "no workload grows as the host does", "没有工作负载与主机同步增长"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := leaking(midnight)[:1]
			f[0].Suspects, f[0].Notes, f[0].Health = nil, c.notes, c.health
			e := open(t, f)
			if en, zh := WhyNobody(e, "en"), WhyNobody(e, "zh"); !strings.Contains(en, c.en) || !strings.Contains(zh, c.zh) {
				t.Errorf("%q and %q", en, zh)
			}
			if !strings.Contains(Overview(e, "en"), c.en) {
				t.Error("the overview does not tell")
			}
		})
	}
	if why := WhyNobody(open(t, leaking(midnight)), "en"); why != "" {
		t.Errorf("somebody is named, and yet: %s", why)
	}
}
