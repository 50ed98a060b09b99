package notify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func TestExplainShowsTheWayAndChangesNothing(t *testing.T) {
	b, s := newBench(t), newServer(t)
	ctx := t.Context()
	team := b.addTarget("team", s)
	p := b.setPolicy(state.Policy{Window: 5 * time.Minute, Again: time.Hour, Rules: []state.Rule{
		{Name: "urgent", Levels: []leak.Level{leak.Critical}, Targets: []string{team}},
		{Name: "rest", Matcher: state.Matcher{Objects: []string{"web-*"}}, Targets: []string{team}},
	}})
	e, other := b.leakOn("web-1", "java"), b.leakOn("db-1", "postgres")
	must(t, b.db.InsertEvent(ctx, e))
	must(t, b.db.InsertEvent(ctx, other))
	explain := func(id string, asNew bool) (Explanation, string) {
		t.Helper()
		x, err := b.Explain(ctx, b.ws, id, asNew)
		must(t, err)
		var lines []string
		for _, step := range x.Steps {
			lines = append(lines, step.Stage+": "+step.Said.EN)
			if step.Said.ZH == "" {
				t.Errorf("stage %s says nothing in Chinese", step.Stage)
			}
		}
		return x, strings.Join(lines, "\n")
	}
	x, said := explain(e.ID, false)
	if !x.Tells || x.Policy != p.ID || x.Rule != 1 || x.Targets[0] != team || !x.Due.Equal(start.Add(5*time.Minute)) {
		t.Errorf("%+v", x)
	}
	for _, want := range []string{`rule "rest" matches`, "no silence", "not told yet", "gathered for 5 min", "inspection=" + b.inspec.Name, "culprit=java"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in:\n%s", want, said)
		}
	}
	if x, said = explain(other.ID, false); x.Tells || x.Rule != -1 || !strings.Contains(said, "no rule matches") {
		t.Errorf("%+v: %s", x, said)
	}
	if len(b.queued) != 0 {
		t.Error("an explanation has put a job into the queue")
	}
	b.change(e)
	b.after(10 * time.Minute)
	if x, said = explain(e.ID, false); x.Tells || !strings.Contains(said, "told again after 2026-03-02 13:05 UTC") {
		t.Errorf("%+v: %s", x, said)
	}
	if x, _ = explain(e.ID, true); !x.Tells {
		t.Errorf("as a new one it is not told: %+v", x)
	}
	must(t, b.db.AddSilence(ctx, &state.Silence{WorkspaceID: b.ws, Name: "move", Period: state.Period{From: start}}))
	if x, said = explain(e.ID, true); x.Tells || x.Silence == "" || !strings.Contains(said, `silence "move"`) {
		t.Errorf("%+v: %s", x, said)
	}
}

func TestAcknowledgeBySignedLink(t *testing.T) {
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	one, two := b.leakOn("web-1", "java"), b.leakOn("web-2", "java")
	b.change(one, two)
	b.after(time.Second)
	s.mu.Lock()
	_, token, _ := strings.Cut(s.took[0].v.AckURL, "/acknowledge/")
	s.mu.Unlock()
	events, err := b.AckEvents(t.Context(), token)
	must(t, err)
	if len(events) != 2 || !events[0].AcknowledgedAt.IsZero() {
		t.Errorf("looking acknowledges, or shows %d events", len(events))
	}
	after, err := b.Acknowledge(t.Context(), token, "ann", "on it")
	must(t, err)
	got, err := b.db.Event(t.Context(), b.ws, two.ID)
	must(t, err)
	if len(after) != 2 || got.AcknowledgedBy != "ann" || got.Note != "on it" {
		t.Errorf("%d events, the second %+v", len(after), got)
	}
	for name, bad := range map[string]string{
		"changed": "x" + token, "cut": token[:len(token)-2], "empty": "", "another key": strings.Split(token, ".")[0] + "." + strings.Split(token, ".")[0],
	} {
		if _, err := b.ReadAckToken(bad); !errors.Is(err, ErrAckLink) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.clock.set(b.clock.now().Add(ackLasts))
	if _, err := b.Acknowledge(t.Context(), token, "ann", ""); !errors.Is(err, ErrAckLink) {
		t.Errorf("after a week: %v", err)
	}
}

// Whoever acknowledges a message takes care of all that it tells of, also where those were told one by one before.
func TestAcknowledgingAReminderIsAboutAllOfIt(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Again: time.Hour, GroupBy: []string{ByInspection}, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	one, two, over := b.leakOn("web-1", "java"), b.leakOn("web-2", "redis"), b.leakOn("web-3", "redis")
	for _, e := range []*event.Event{one, two, over} {
		b.change(e)
		b.after(time.Second)
	}
	b.after(time.Hour)
	b.change(one, two, over)
	b.after(time.Second)
	s.mu.Lock()
	last := s.took[len(s.took)-1].v
	s.mu.Unlock()
	b.recover(over)
	b.change(over)
	_, token, _ := strings.Cut(last.AckURL, "/acknowledge/")
	after, err := b.Acknowledge(t.Context(), token, "ann", "")
	must(t, err)
	if last.Reason != string(Reminder) || last.Count != 3 || len(after) != 2 {
		t.Errorf("a %s of %d events; %d are acknowledged", last.Reason, last.Count, len(after))
	}
	for _, e := range []*event.Event{one, two} {
		if b.kept(e).AcknowledgedBy != "ann" {
			t.Errorf("%s is not acknowledged", e.Object.Host)
		}
	}
}

func FuzzReadAckToken(f *testing.F) {
	n := &Notify{o: Options{SigningKey: []byte("0123456789abcdef"), Clock: func() time.Time { return start }}}
	good := n.AckToken(Ack{Workspace: "w", Key: "k", Expires: start.Add(time.Hour)})
	for _, seed := range []string{good, "", ".", "a.b", good + "."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if a, err := n.ReadAckToken(token); err == nil && (a.Workspace != "w" || a.Key != "k") {
			t.Errorf("%q is taken for %+v", token, a)
		}
	})
}

// What a message says is kept word for word in testdata; MEMSEEP_UPDATE=1 writes it anew.
func TestMessages(t *testing.T) {
	shanghai := &state.Policy{Name: "Default", TimeZone: "Asia/Shanghai"}
	one := example(start)
	one.ID, one.WorkspaceID = "01EVENT", "w"
	nobody := one
	nobody.Suspects, nobody.Attributes, nobody.NoSuspects = nil, map[string]string{}, event.NobodySeen
	over := one
	over.Status, over.Recovery, over.RecoveredAt = event.Recovered, event.ByItself, start.Add(5*time.Hour)
	var many []state.BatchEvent
	for i := range 300 {
		e := one
		e.Object.Host = "web-" + string(rune('a'+i%26)) + "-" + string(rune('0'+i%10))
		if i < 20 {
			e.Level = leak.Critical
		}
		many = append(many, memberOf(&e))
	}
	for name, tt := range map[string]struct {
		reason  Reason
		e       event.Event
		members []state.BatchEvent
	}{
		"one":       {Opened, one, []state.BatchEvent{memberOf(&one)}},
		"nobody":    {LevelRose, nobody, []state.BatchEvent{memberOf(&nobody)}},
		"recovered": {Recovered, over, []state.BatchEvent{memberOf(&over)}},
		"many":      {Opened, one, many},
	} {
		for _, language := range []string{"en", "zh"} {
			t.Run(name+"."+language, func(t *testing.T) {
				s := subject{
					reason: tt.reason, language: language, policy: shanghai, workspace: "prod", event: tt.e, members: tt.members,
					key: "k", id: "n", now: start, base: "https://memseep.example", ackURL: "https://memseep.example/acknowledge/TOKEN",
				}
				m := render(&s, state.Templates{})
				got := strings.Join([]string{m.Short, m.Title, "", m.Markdown, "", m.Text, "", m.URL, m.SilenceURL, m.AckURL, ""}, "\n")
				path := filepath.Join("testdata", "messages", name+"."+language+".txt")
				if os.Getenv("MEMSEEP_UPDATE") == "1" {
					must(t, os.MkdirAll(filepath.Dir(path), 0o755))
					must(t, os.WriteFile(path, []byte(got), 0o600))
				}
				want, err := os.ReadFile(path)
				must(t, err)
				if got != string(want) {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}

func TestOwnTemplates(t *testing.T) {
	b := newBench(t)
	e := b.leakOn("web-1", "java")
	must(t, b.db.InTx(t.Context(), func(ctx context.Context, tx *state.Tx) error { return tx.InsertEvent(ctx, e) }))
	m, err := b.Preview(t.Context(), b.ws, e.ID, "en", state.Templates{Short: "{{.Host}}\n{{.TimeLeft}}", Body: "**{{.Culprit}}** on {{.Host}} of {{.Workspace}}"})
	must(t, err)
	if m.Short != "web-1 20 h 0 min" || m.Markdown != "**java** on web-1 of prod" || m.Text != "java on web-1 of prod" || !strings.Contains(m.Title, "web-1") {
		t.Errorf("%q, %q, %q, %q", m.Short, m.Markdown, m.Text, m.Title)
	}
	if _, err := b.Preview(t.Context(), b.ws, e.ID, "en", state.Templates{Body: "{{.Nope}}"}); err == nil {
		t.Error("a template that fails is no error in the preview")
	}
	if m := b.message(e, Opened, "en", state.Templates{Title: "{{if false}}x{{end}}", Body: " {{/* nothing */}} "}, nil, ""); !strings.Contains(m.Title, "web-1") || !strings.Contains(m.Markdown, "60.0 %") {
		t.Errorf("templates that say nothing: %q, %q", m.Title, m.Markdown)
	}
	if m := b.message(e, Opened, "en", state.Templates{Body: "{{.Nope}}"}, nil, ""); !strings.Contains(m.Text, "60.0 %") || !strings.Contains(m.Text, "template fails") {
		t.Errorf("with a template that fails it says %q", m.Text)
	}
}
