package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// reportedAt is an event that a script reported.
func reportedAt(now time.Time, host string) event.Event {
	return event.Event{
		ID: "e-" + host, WorkspaceID: "w", InspectionID: "i", Inspection: "Disks", Object: leak.Object{Kind: event.KindCheck, Host: host, Name: "disk:/var"},
		Title: "Disk /var of " + host + " is nearly full", Message: "**92 %** in use, see [the runbook](https://wiki/disk)\n- by <script>logs\n- by images",
		Status: event.Open, Level: event.Info, OpenedAt: now, UpdatedAt: now, LastSeenAt: now,
		Verdict: event.Verdict{At: now, Level: event.Info}, Dimensions: map[string]string{"host": host, "disk": "/var", "kind": "check"}, Attributes: map[string]string{},
	}
}

func TestWhatAScriptReportsIsToldByItsOwnWords(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	open := reportedAt(now.Add(-time.Hour), "web-1")
	over := open
	over.Status, over.Recovery, over.RecoveredAt = event.Recovered, event.ByItself, now
	for _, tt := range []struct {
		name, language  string
		reason          Reason
		event           event.Event
		title           string
		markdown, plain []string
	}{
		{"opened", "en", Opened, open, "[Info] Disk /var of web-1 is nearly full",
			[]string{"**92 %** in use, see [the runbook](https://wiki/disk)", "- by ‹script>logs", "Disks"},
			[]string{"92 % in use, see the runbook (https://wiki/disk)", "- by images"}},
		{"opened", "zh", Opened, open, "[提示] Disk /var of web-1 is nearly full", []string{"**92 %** in use"}, []string{"92 % in use"}},
		{"again", "en", Reminder, open, "[Info, still open] Disk", nil, []string{"92 %"}},
		{"again", "zh", Reminder, open, "[提示，仍未恢复] Disk", nil, []string{"92 %"}},
		{"over", "en", Recovered, over, "[Recovered] Disk", nil, []string{"Reported as over after 1 h 0 min.", "It was reported at 2026-03-02 09:00 UTC."}},
		{"over", "zh", Recovered, over, "[已恢复] Disk", nil, []string{"持续 1 小时 0 分钟 后由脚本报告恢复。", "报告于 2026-03-02 09:00 UTC。"}},
	} {
		t.Run(tt.name+" "+tt.language, func(t *testing.T) {
			s := subject{reason: tt.reason, language: tt.language, event: tt.event, members: []state.BatchEvent{memberOf(&tt.event)}, now: now, base: "https://m"}
			m := render(&s, state.Templates{})
			if !strings.HasPrefix(m.Title, tt.title) || m.URL != "https://m/events/e-web-1" || m.Level != event.Info {
				t.Errorf("title %q, address %s", m.Title, m.URL)
			}
			for _, want := range tt.markdown {
				if !strings.Contains(m.Markdown, want) {
					t.Errorf("Markdown lacks %q:\n%s", want, m.Markdown)
				}
			}
			for _, want := range tt.plain {
				if !strings.Contains(m.Text, want) {
					t.Errorf("text lacks %q:\n%s", want, m.Text)
				}
			}
			if strings.Contains(m.Markdown, "<") {
				t.Errorf("Markdown has HTML:\n%s", m.Markdown)
			}
			said := m.Short + m.Title + m.Text + m.Markdown + m.Facts.ReasonName + m.Facts.Used + m.Facts.ToDo
			for _, never := range []string{"leak", "泄漏", "0.00 %", "heap dump", "堆转储", "%!"} {
				if strings.Contains(said, never) {
					t.Errorf("it says %q:\n%s", never, said)
				}
			}
		})
	}
}

func TestWhatScriptsReportTogether(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	first := reportedAt(now, "web-1")
	elsewhere := reportedAt(now, "")
	for _, tt := range []struct {
		name, language string
		reason         Reason
		members        []event.Event
		title          string
	}{
		{"on hosts", "en", Opened, []event.Event{first, reportedAt(now, "web-2")}, "[Info] 2 events on 2 hosts: Disk /var of web-1 is nearly full"},
		{"on hosts", "zh", Opened, []event.Event{first, reportedAt(now, "web-2")}, "[提示] 2 台主机上的 2 个事件：Disk"},
		{"on none", "en", Opened, []event.Event{elsewhere, elsewhere}, "[Info] 2 events: Disk"},
		{"beside a leak", "en", Opened, []event.Event{first, *leakOf(leak.KindHost, "web-1", "", "")}, "[Info] 2 events on 1 host: Disk"},
		{"over", "en", Recovered, []event.Event{first, reportedAt(now, "web-2")}, "[Recovered] 2 events on 2 hosts are over"},
		{"over", "zh", Recovered, []event.Event{first, reportedAt(now, "web-2")}, "[已恢复] 2 台主机上的 2 个事件已恢复"},
	} {
		t.Run(tt.name+" "+tt.language, func(t *testing.T) {
			s := subject{reason: tt.reason, language: tt.language, event: tt.members[0], now: now}
			for n := range tt.members {
				s.members = append(s.members, memberOf(&tt.members[n]))
			}
			m := render(&s, state.Templates{})
			if !strings.HasPrefix(m.Title, tt.title) || strings.Contains(m.Title+m.Text, "leak") || strings.Contains(m.Text, "泄漏") || strings.Contains(m.Text, "released") {
				t.Errorf("%q\n%s", m.Title, m.Text)
			}
		})
	}
}

func TestAReportedEventForMonitoringSystems(t *testing.T) {
	e := reportedAt(time.Unix(0, 0), "web-1")
	got := new(Notify).alerts(&e, &state.Told{Levels: []leak.Level{event.Info}}, "en")
	if len(got) != 1 {
		t.Fatalf("%d alerts", len(got))
	}
	for label, want := range map[string]string{"alertname": "ScriptReport", "severity": "info", "host": "web-1", "disk": "/var", "inspection": "Disks"} {
		if got[0].Labels[label] != want {
			t.Errorf("label %s is %q, want %q", label, got[0].Labels[label], want)
		}
	}
	if urgency(event.Info) <= urgency(leak.OK) || urgency(event.Info) >= urgency(leak.Warning) {
		t.Error("info lies between ok and a warning")
	}
}
