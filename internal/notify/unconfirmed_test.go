package notify

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// other is the other side of one target, and what it does with each message in turn.
type other struct {
	mu   sync.Mutex
	keys []string // Idempotency-Keys of what came
	does []string // taken where nothing is left
	stop func()   // stops the process that sends
}

func (o *other) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if body, err := io.ReadAll(r.Body); err != nil || !json.Valid(body) {
		return
	}
	o.keys = append(o.keys, r.Header.Get("Idempotency-Key"))
	does := "taken"
	if len(o.does) > 0 {
		does, o.does = o.does[0], o.does[1:]
	}
	switch does {
	case "busy":
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case "stopped":
		o.stop()
	}
	_, _ = io.WriteString(w, `{"code":0}`)
}

// A process is killed between the claim of a notice and its record. Nothing of that is ever kept: what
// the next process finds is a notice on its way.
func TestAMessageThatKillsMeetComesTwiceAtMost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		kind   string
		tries  []string // what happens to each in turn, until it is taken
		came   int
		status state.NoticeStatus
		says   string
	}{
		{"nothing happens", "feishu", nil, 1, state.NoticeSent, ""},
		{"a kill", "feishu", []string{"killed"}, 2, state.NoticeSent, ""},
		{"two kills", "feishu", []string{"killed", "killed"}, 2, state.NoticeSent, "handed over twice"},
		{"two kills, and a try that was answered", "feishu", []string{"killed", "busy", "killed"}, 3, state.NoticeSent, "handed over twice"},
		{"tries that were answered", "feishu", []string{"busy", "busy", "busy"}, 4, state.NoticeSent, ""},
		{"a kill before it left", "feishu", []string{"killed before"}, 1, state.NoticeSent, ""},
		{"away, then a kill", "feishu", []string{"away", "away", "killed"}, 2, state.NoticeSent, ""},
		{"two kills where it takes a key", "webhook", []string{"killed", "killed"}, 3, state.NoticeSent, ""},
		{"a stop while it waits for an answer", "feishu", []string{"stopped"}, 1, state.NoticeSent, ""},
		{"a stop before it leaves, twice", "feishu", []string{"stopped before", "stopped before"}, 1, state.NoticeSent, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, o := newBench(t), &other{}
			s := httptest.NewServer(o)
			defer s.Close()
			to := b.addKind(tt.kind, map[string]string{"url": s.URL})
			b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{to}}}})
			b.change(b.leakOn("web-1", "java"))
			id := b.notices(state.NoticePending)[0].ID
			for _, does := range tt.tries {
				b.tryOnce(id, o, does)
			}
			b.after(time.Hour)
			row, err := b.db.Notice(t.Context(), b.ws, id)
			must(t, err)
			if row.Status != tt.status || row.EndedAt.IsZero() || !strings.Contains(row.Error, tt.says) || tt.says == "" && row.Error != "" {
				t.Errorf("the notice is %s, and says %q", row.Status, row.Error)
			}
			if len(o.keys) != tt.came {
				t.Errorf("the message came %d times, want %d", len(o.keys), tt.came)
			}
			if keys := slices.Compact(slices.Clone(o.keys)); tt.kind == "webhook" && len(keys) != 1 {
				t.Errorf("it came under the keys %q", o.keys)
			}
			kills := 0
			for _, does := range tt.tries {
				if strings.HasPrefix(does, "killed") {
					kills++
				}
			}
			if row.Unconfirmed != kills {
				t.Errorf("%d tries are unconfirmed, want %d", row.Unconfirmed, kills)
			}
		})
	}
}

// tryOnce tries a notice as a process does that ends so, or whose target does so.
func (b *bench) tryOnce(id string, o *other, does string) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	switch does {
	case "killed", "killed before", "stopped before":
		t, wait, err := b.look(ctx, b.ws, id)
		must(b.t, err)
		if t == nil {
			b.t.Fatalf("the notice waits until %s", wait)
		}
		switch does {
		case "killed before":
			_, err = b.claim(ctx, t)
		case "killed":
			_, err = b.handOver(ctx, t)
		default:
			cancel()
			if _, err := b.handOver(ctx, t); err == nil || t.claimed {
				b.t.Errorf("it left after the stop: %v", err)
			}
		}
		must(b.t, err)
		return
	case "away": // before any connection stands
		to := b.target(b.notices(state.NoticePending)[0].Target)
		url, err := b.secrets(&to)
		must(b.t, err)
		must(b.t, b.SetSettings(&to, map[string]string{"url": "http://127.0.0.1:1"}))
		must(b.t, b.db.UpdateTarget(ctx, &to))
		defer func() {
			must(b.t, b.SetSettings(&to, url))
			must(b.t, b.db.UpdateTarget(b.t.Context(), &to))
		}()
	case "busy", "stopped":
		o.does, o.stop = []string{does}, cancel
	}
	next, err := b.deliver(ctx, b.ws, id)
	must(b.t, err)
	if !next.IsZero() {
		b.clock.set(next)
	}
}

// Somebody who is as fast loses the claim, and nothing leaves.
func TestANoticeIsClaimedOnce(t *testing.T) {
	t.Parallel()
	b, o := newBench(t), &other{}
	s := httptest.NewServer(o)
	defer s.Close()
	ctx := t.Context()
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("feishu", map[string]string{"url": s.URL})}}}})
	b.change(b.leakOn("web-1", "java"))
	id := b.notices(state.NoticePending)[0].ID
	one, _, err := b.look(ctx, b.ws, id)
	must(t, err)
	two, _, err := b.look(ctx, b.ws, id)
	must(t, err)
	if _, err := b.handOver(ctx, one); err != nil || !one.claimed {
		t.Errorf("the first is claimed: %v, %v", one.claimed, err)
	}
	if _, err := b.handOver(ctx, two); err == nil || two.claimed || two.held.IsZero() {
		t.Errorf("the second is claimed: %v, %v", two.claimed, err)
	}
	if len(o.keys) != 1 {
		t.Errorf("the message came %d times", len(o.keys))
	}
}

// Where several are at one notice at once, since the queue took those that live for ended, it is told twice
// at most, and ends.
func TestWhoIsTakenForEndedTellsOnceAgainAtMost(t *testing.T) {
	t.Parallel()
	b, o := newBench(t), &other{}
	s := httptest.NewServer(o)
	defer s.Close()
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("feishu", map[string]string{"url": s.URL})}}}})
	for range 5 {
		o.keys = nil
		b.change(b.leakOn("web-1", "java"))
		id := b.notices(state.NoticePending)[0].ID
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := b.deliver(t.Context(), b.ws, id); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		row, err := b.db.Notice(t.Context(), b.ws, id)
		must(t, err)
		if len(o.keys) < 1 || len(o.keys) > 2 || row.Status != state.NoticeSent {
			t.Errorf("the message came %d times, and is %s", len(o.keys), row.Status)
		}
	}
}
