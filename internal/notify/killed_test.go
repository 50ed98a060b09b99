package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func TestAMessageOfALeakThatIsKilledSaysWhenNext(t *testing.T) {
	e := example(start)
	e.Cause, e.Verdict.Cause, e.Verdict.Exhaustion = leak.Restarting, leak.Restarting, time.Time{}
	e.Suspects[0].Owner, e.Attributes[event.AttrCulprit] = "", "java"
	e.Verdict.Restarts = event.Restarts{Count: 4, First: start.Add(-8 * time.Hour), Last: start.Add(-90 * time.Minute), EverySeconds: 7200, Peak: 74, Next: start.Add(30 * time.Minute)}
	for name, tt := range map[string]struct {
		language    string
		now         time.Time
		short, todo string
		killedAt    string
	}{
		"before it":         {"en", start, "Process java on host web-1.example leaks memory, is killed and leaks again, next kill in 30 min", "shortly before it is killed again, at about 2026-03-02 12:30 UTC", "2026-03-02T12:30:00Z"},
		"before it, in zh":  {"zh", start, "主机 web-1.example 的进程 java 内存泄漏，被终止后再次泄漏，约 30 分钟后再次被终止", "再次被终止（约 2026-03-02 12:30 UTC）之前", "2026-03-02T12:30:00Z"},
		"after it: a later": {"en", start.Add(time.Hour), "next kill in 1 h 30 min", "at about 2026-03-02 14:30 UTC", "2026-03-02T14:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			s := subject{reason: Opened, language: tt.language, event: e, members: []state.BatchEvent{memberOf(&e)}, now: tt.now}
			if got := s.short(); !strings.Contains(got, tt.short) {
				t.Errorf("first line %q, want %q", got, tt.short)
			}
			if got := strings.Join(s.todo(), "\n"); !strings.Contains(got, tt.todo) {
				t.Errorf("what to do %q, want %q", got, tt.todo)
			}
			if got := s.facts().KilledAt; got != tt.killedAt {
				t.Errorf("killed at %q, want %q", got, tt.killedAt)
			}
		})
	}
	if got := Picture(&event.Event{Snapshot: event.Snapshot{Verdict: e.Verdict, Curve: e.Snapshot.Curve}}); len(got) == 0 {
		t.Error("there is no picture")
	}
}
