package notify_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// childURL names the state that a test's child process, this binary again, delivers from.
const childURL = "MEMSEEP_TEST_DELIVER"

func TestMain(m *testing.M) {
	url := os.Getenv(childURL)
	if url == "" {
		os.Exit(m.Run())
	}
	_, _, jobs, err := open(context.Background(), url)
	if err == nil {
		err = jobs.Start(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {} // until it is killed
}

// open puts telling and the queue together as the server does.
func open(ctx context.Context, url string) (*state.DB, *notify.Notify, *schedule.Schedule, error) {
	logger := slog.New(slog.DiscardHandler)
	db, err := state.Open(ctx, state.Config{URL: url, Logger: logger})
	if err != nil {
		return nil, nil, nil, err
	}
	key := sha256.Sum256([]byte("a key for tests"))
	n, err := notify.New(notify.Options{
		DB: db, Sealer: auth.NewSealer(key).For("target"), SigningKey: key[:], Network: target.Network{AllowLoopback: true}, Logger: logger,
	})
	if err != nil {
		return nil, nil, nil, err
	}
	jobs, err := schedule.New(schedule.Options{
		DB: db, Notices: n.Notices, Register: n.Register, Queues: notify.Queues(), Logger: logger,
		Source: func(context.Context, state.Inspection) (inspect.Source, error) {
			return nil, fmt.Errorf("there is none")
		},
	})
	if err != nil {
		return nil, nil, nil, err
	}
	n.Attach(jobs.Jobs())
	return db, n, jobs, nil
}

// A process that delivers is killed again and again: nothing is lost, and a message comes again at most
// once for each kill that met it on its way, under the same key.
func TestDeliveryUnderKills(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { campaign(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"), 6) })
	t.Run("PostgreSQL", func(t *testing.T) { campaign(t, realserver.StartPostgres(t).URL(t), 4) })
}

func campaign(t *testing.T, url string, kills int) {
	const leaks = 80
	ctx := t.Context()
	db, n, _, err := open(ctx, url)
	must(t, err)
	defer func() { _ = db.Close() }()

	keyed, plain := newCounter(), newCounter()
	hook := httptest.NewServer(keyed.handler(func(r *http.Request, _ string) string { return r.Header.Get("Idempotency-Key") }, "thanks"))
	defer hook.Close()
	robot := httptest.NewServer(plain.handler(func(_ *http.Request, body string) string { return host.FindString(body) }, `{"code":0}`))
	defer robot.Close()

	w := state.Workspace{Name: "prod"}
	must(t, db.AddWorkspace(ctx, &w))
	var ids []string
	hosts := map[string]string{} // of the events' identifiers
	for kind, address := range map[string]string{"webhook": hook.URL, "feishu": robot.URL} {
		to := state.Target{WorkspaceID: w.ID, Name: kind, Kind: kind, Language: "en", Enabled: true}
		must(t, n.SetSettings(&to, map[string]string{"url": address}))
		must(t, db.AddTarget(ctx, &to))
		ids = append(ids, to.ID)
	}
	must(t, db.AddPolicy(ctx, &state.Policy{
		WorkspaceID: w.ID, Name: "Default", IsDefault: true, GroupBy: []string{notify.ByObject}, Rules: []state.Rule{{Targets: ids}},
	}))
	for i := range leaks { // the event and what is to be told of it are one commit
		e := leakOn(w.ID, fmt.Sprintf("web-%04d", i))
		hosts[e.ID] = e.Object.Host
		must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			if err := tx.InsertEvent(ctx, &e); err != nil {
				return err
			}
			return n.Notices(ctx, tx, []event.Transition{{Event: e, New: true}})
		}))
	}
	sent := func() int {
		rows, _, err := db.Notices(ctx, w.ID, state.NoticeFilter{Statuses: []state.NoticeStatus{state.NoticeSent}, Page: state.Page{Limit: 1000}})
		must(t, err)
		return len(rows)
	}
	met := map[string]int{} // by what a counter knows a message by → kills while it was on its way
	inFlight := 0
	for range kills {
		kill := deliverer(t, url)
		want := min(sent()+5+rand.IntN(2*leaks/kills-10), 2*leaks)
		until(t, "notices are sent", func() bool { return sent() >= want })
		kill()
		rows, _, err := db.Notices(ctx, w.ID, state.NoticeFilter{Statuses: []state.NoticeStatus{state.NoticeSending}})
		must(t, err)
		inFlight += len(rows)
		for _, row := range rows {
			if row.Kind == "webhook" {
				met[row.ID]++
			} else {
				met[hosts[row.EventID]]++
			}
		}
	}
	defer deliverer(t, url)()
	until(t, "all notices are sent", func() bool { return sent() == 2*leaks })
	for name, c := range map[string]*counter{"with a key": keyed, "without a key": plain} {
		different, repeats, tooOften := c.counts(met)
		t.Logf("%s: %d of %d were told, %d repeats", name, different, leaks, repeats)
		if different != leaks {
			t.Errorf("%s: %d of %d were told", name, different, leaks)
		}
		if len(tooOften) > 0 {
			t.Errorf("%s: more often than kills explain were told %v", name, tooOften)
		}
	}
	t.Logf("%d notices were on their way when their process was killed", inFlight)
}

var host = regexp.MustCompile(`web-\d{4}`)

// counter counts messages by what they are known by.
type counter struct {
	mu   sync.Mutex
	seen map[string]int
}

func newCounter() *counter { return &counter{seen: map[string]int{}} }

func (c *counter) handler(key func(r *http.Request, body string) string, answer string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !json.Valid(body) {
			return
		}
		c.mu.Lock()
		c.seen[key(r, string(body))]++
		c.mu.Unlock()
		time.Sleep(time.Duration(rand.IntN(15)) * time.Millisecond) // there are moments to be killed in
		_, _ = io.WriteString(w, answer)
	})
}

// counts says how many came, how often again, and which again more often than kills met them.
func (c *counter) counts(met map[string]int) (different, repeats int, tooOften []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, n := range c.seen {
		repeats += n - 1
		if n > 1+met[key] {
			tooOften = append(tooOften, fmt.Sprintf("%s %d times", key, n))
		}
	}
	return len(c.seen), repeats, tooOften
}

// deliverer is a process that delivers, until it is killed.
func deliverer(t *testing.T, url string) (kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), childURL+"="+url), os.Stderr
	must(t, cmd.Start())
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill() // SIGKILL
		_ = cmd.Wait()         // how it ended is what the test looks at
	})
	t.Cleanup(kill)
	return kill
}

func leakOn(workspaceID, name string) event.Event {
	now := time.Now().UTC().Truncate(time.Millisecond)
	id := state.NewID()
	return event.Event{
		ID: id, WorkspaceID: workspaceID, InspectionID: "none", Inspection: "Memory leaks", Fingerprint: id,
		Object: leak.Object{Kind: leak.KindHost, Host: name}, Title: name, Status: event.Open, Level: leak.Error, Cause: leak.Steady,
		OpenedAt: now, UpdatedAt: now, LastSeenAt: now, Suspects: []event.Suspect{}, Dimensions: map[string]string{"host": name},
	}
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited a minute: %s", what)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
