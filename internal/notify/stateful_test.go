package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// keeper is a service that keeps what is open: PagerDuty's incidents by key, Alertmanager's alerts by
// labels.
type keeper struct {
	mu   sync.Mutex
	open map[string]bool
	now  func() time.Time
}

func newKeeper(t *testing.T, now func() time.Time) (*keeper, string) {
	k := &keeper{open: map[string]bool{}, now: now}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.mu.Lock()
		defer k.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/api/v2/alerts" {
			var alerts []struct {
				Labels map[string]string
				EndsAt time.Time
			}
			_ = json.Unmarshal(body, &alerts)
			for _, a := range alerts {
				k.set(fmt.Sprint(a.Labels["host"], " ", a.Labels["severity"]), a.EndsAt.After(k.now()))
			}
			return
		}
		var e struct {
			Action string `json:"event_action"`
			Key    string `json:"dedup_key"`
		}
		_ = json.Unmarshal(body, &e)
		k.set(e.Key, e.Action == "trigger")
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(s.Close)
	return k, s.URL
}

func (k *keeper) set(key string, open bool) {
	if delete(k.open, key); open {
		k.open[key] = true
	}
}

func (k *keeper) keys() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := []string{}
	for key := range k.open {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

func (b *bench) addKind(kind string, settings map[string]string) string {
	b.t.Helper()
	to := state.Target{WorkspaceID: b.ws, Name: kind, Kind: kind, Language: "en", Enabled: true}
	must(b.t, b.SetSettings(&to, settings))
	must(b.t, b.db.AddTarget(b.t.Context(), &to))
	return to.ID
}

func TestAServiceThatKeepsWhatIsOpenClosesAGroupWhenAllOfItIsOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	k, url := newKeeper(t, b.clock.now)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("pagerduty", map[string]string{"url": url, "routing_key": "0123456789abcdef0123456789abcdef"})}}}})
	one, two, single := b.leakOn("web-1", "java"), b.leakOn("web-2", "java"), b.leakOn("db-1", "postgres")
	b.change(one, two, single)
	b.after(time.Minute)
	if keys := k.keys(); len(keys) != 2 || !slices.Contains(keys, single.ID) {
		t.Errorf("open are %v", keys)
	}
	one.Level = leak.Critical // told again under the same key
	b.change(one)
	b.after(time.Minute)
	b.recover(one)
	b.change(one)
	b.after(time.Minute)
	if keys := k.keys(); len(keys) != 2 {
		t.Errorf("with one of two over, open are %v", keys)
	}
	b.recover(two)
	b.change(two)
	*single = event.Deny(*single, "ann", "a cache", b.clock.now()).Event
	b.change(single)
	b.after(time.Minute)
	if keys := k.keys(); len(keys) != 0 {
		t.Errorf("with all over or denied, open are %v", keys)
	}
}

func TestAlertmanagerHasEachEventAtItsHighestLevel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	k, url := newKeeper(t, b.clock.now)
	s := newServer(t)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("alertmanager", map[string]string{"url": url}), b.addTarget("team", s)}}}})
	one, two := b.leakOn("web-1", "java"), b.leakOn("web-2", "java")
	want := func(keys ...string) {
		t.Helper()
		b.after(time.Minute)
		if got := k.keys(); !slices.Equal(got, keys) {
			t.Errorf("open are %q, want %q", got, keys)
		}
	}
	b.change(one, two)
	want("web-1 warning", "web-2 warning")
	one.Level, one.UpdatedAt = leak.Critical, b.clock.now()
	b.change(one)
	want("web-1 critical", "web-2 warning")
	one.Level = leak.Warning
	b.change(one)
	want("web-1 critical", "web-2 warning")
	b.recover(one)
	b.change(one)
	want("web-2 warning")
	two.Status, two.Recovery, two.RecoveredAt = event.Recovered, event.Merged, b.clock.now()
	b.change(two)
	want()
	b.wantTold(s, "team: level_rose 1", "team: opened 2", "team: recovered 1") // that it goes on elsewhere is told to no person
}

func TestTheBeginningOfASilenceIsToldOnce(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	quiet := state.Silence{
		WorkspaceID: b.ws, Name: "patch night", TimeZone: "Europe/Berlin", Period: state.Period{Cron: "0 22 * * *", For: 2 * time.Hour},
		NoticeBefore: time.Hour, NoticeTargets: []string{b.addTarget("team", s)},
	}
	must(t, CheckSilence(&quiet))
	must(t, b.db.AddSilence(t.Context(), &quiet))
	for end := start.Add(48 * time.Hour); b.clock.now().Before(end); b.after(10 * time.Minute) {
		must(t, b.sayBeginnings(t.Context()))
	}
	b.wantTold(s, "team: silence_begins 0", "team: silence_begins 0")
}

// A backup holds no jobs: what it holds of batches and notices is told after it was restored.
func TestWhatTheQueueHasLostIsTold(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Window: time.Minute, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	b.change(b.leakOn("web-1", "java"))
	b.queued = nil
	b.after(10 * time.Minute)
	must(t, b.sweep(t.Context())) // makes the notice
	b.queued = nil
	b.after(10 * time.Minute)
	must(t, b.sweep(t.Context()))
	must(t, b.sweep(t.Context()))
	b.after(10 * time.Minute)
	b.wantTold(s, "team: opened 1")
}

func TestATestMessageShowsTheRealAnswer(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	id := b.addTarget("team", s)
	to, err := b.db.Target(t.Context(), b.ws, id)
	must(t, err)
	if a, err := b.Test(t.Context(), to); err != nil || a.Status != 200 {
		t.Errorf("%+v, %v", a, err)
	}
	b.wantTold(s, "team: test 1")
	s.answer = func(*http.Request) int { return http.StatusTeapot }
	var refused *target.Error
	if a, err := b.Test(t.Context(), to); !errors.As(err, &refused) || a.Status != http.StatusTeapot {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestSecretsOfATargetStayUnlessWrittenAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	to := state.Target{WorkspaceID: b.ws, Name: "robot", Kind: "dingtalk"}
	must(t, b.SetSettings(&to, map[string]string{"url": "https://oapi.example/robot/send?access_token=abc", "secret": "SEC1", "at": "all"}))
	if len(to.Settings) != 1 || to.Settings["at"] != "all" {
		t.Errorf("visible are %v", to.Settings)
	}
	must(t, b.SetSettings(&to, map[string]string{"secret": "SEC2"}))
	secrets, err := b.secrets(&to)
	must(t, err)
	if secrets["url"] == "" || secrets["secret"] != "SEC2" || len(to.Settings) != 0 {
		t.Errorf("secrets %v, visible %v", secrets, to.Settings)
	}
	if err := b.SetSettings(&to, map[string]string{"url": "https://oapi.example/robot/send"}); err == nil {
		t.Error("an address without a token was taken")
	}
	if err := b.SetSettings(&to, map[string]string{"nonsense": "1"}); err == nil {
		t.Error("a setting that is not there was taken")
	}
}
