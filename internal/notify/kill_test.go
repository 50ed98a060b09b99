package notify_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
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

	"github.com/riverqueue/river"

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
	_, _, jobs, err := open(context.Background(), url, notify.Queues())
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
func open(ctx context.Context, url string, queues map[string]river.QueueConfig) (*state.DB, *notify.Notify, *schedule.Schedule, error) {
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
		DB: db, Notices: n.Notices, Register: n.Register, Queues: queues, Logger: logger,
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

// killsMost is how often each campaign kills; a long one is run with -kills 200.
var killsMost = flag.Int("kills", 0, "how often a campaign kills a process that delivers; 0 is a few times")

// A process that delivers is killed again and again: nothing is lost, a target that takes a key knows each
// message by one, and to another none comes more than twice, nor again unless a kill met it on its way.
func TestDeliveryUnderKills(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		campaign(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"), cmp.Or(*killsMost, 8))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		url := realserver.StartPostgres(t).URL(t)
		db, _, jobs, err := open(t.Context(), url, nil) // a replica that lives on, gives back what the others leave, and sends nothing
		must(t, err)
		defer func() { _ = db.Close() }()
		must(t, jobs.Start(t.Context()))
		defer func() { must(t, jobs.Stop(context.WithoutCancel(t.Context()))) }()
		campaign(t, url, cmp.Or(*killsMost, 5))
	})
}

func campaign(t *testing.T, url string, kills int) {
	leaks := max(40, 5*kills)
	ctx := t.Context()
	db, n, _, err := open(ctx, url, nil)
	must(t, err)
	defer func() { _ = db.Close() }()

	keyed, plain := newCounter(), newCounter()
	hook := httptest.NewServer(keyed.handler(func(r *http.Request) string { return r.Header.Get("Idempotency-Key") }, "thanks"))
	defer hook.Close()
	robot := httptest.NewServer(plain.handler(func(*http.Request) string { return "" }, `{"code":0}`))
	defer robot.Close()
	post := notify.NewMailServer(t, func(stage string) error {
		if stage == "data" {
			aMoment()
		}
		return nil
	})

	w := state.Workspace{Name: "prod"}
	must(t, db.AddWorkspace(ctx, &w))
	add := func(name, kind string, settings map[string]string) string {
		to := state.Target{WorkspaceID: w.ID, Name: name, Kind: kind, Language: "en", Enabled: true}
		must(t, n.SetSettings(&to, settings))
		must(t, db.AddTarget(ctx, &to))
		return to.ID
	}
	var rules []state.Rule
	keeps := add("webhook", "webhook", map[string]string{"url": hook.URL})
	for last := range 10 { // a robot takes 100 messages a minute, mailboxes 60
		rules = append(rules, state.Rule{Matcher: state.Matcher{Objects: []string{fmt.Sprintf("web-*%d", last)}}, Targets: []string{
			keeps, add(fmt.Sprintf("robot %d", last), "feishu", map[string]string{"url": robot.URL}), add(fmt.Sprintf("mail %d", last), "email", post.Settings),
		}})
	}
	hosts := map[string]string{} // of the events' identifiers
	must(t, db.AddPolicy(ctx, &state.Policy{
		WorkspaceID: w.ID, Name: "Default", IsDefault: true, GroupBy: []string{notify.ByObject}, Rules: rules,
	}))
	var events []event.Event
	for i := range leaks {
		events = append(events, leakOn(w.ID, fmt.Sprintf("web-%04d", i)))
		hosts[events[i].ID] = events[i].Object.Host
	}
	more := func() { // the next event and what is to be told of it are one commit
		if len(events) == 0 {
			return
		}
		e := events[0]
		events = events[1:]
		must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			if err := tx.InsertEvent(ctx, &e); err != nil {
				return err
			}
			return n.Notices(ctx, tx, []event.Transition{{Event: e, New: true}})
		}))
	}
	met := map[string]map[string]int{"feishu": {}, "email": {}} // by host → kills while its message was on its way
	for range kills {
		want := keyed.all() + plain.all() + 1 + rand.IntN(leaks/kills)
		for range leaks / kills {
			more()
		}
		kill := deliverer(t, url)
		until(t, "messages come", func() bool { return keyed.all()+plain.all() >= want })
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
		kill()
		for _, row := range noticesOf(t, db, w.ID, state.NoticeSending) {
			if row.Kind != "webhook" {
				met[row.Kind][hosts[row.EventID]]++
			}
		}
	}
	for len(events) > 0 {
		more()
	}
	defer deliverer(t, url)()
	until(t, "all notices have ended", func() bool {
		time.Sleep(100 * time.Millisecond)
		return len(noticesOf(t, db, w.ID, state.NoticePending, state.NoticeSending)) == 0
	})
	told(t, "with a key", keyed.byHost(), leaks, func(host string, came map[string]int) string {
		if len(came) != 1 {
			return fmt.Sprintf("under %d keys", len(came))
		}
		return ""
	})
	mails := newCounter()
	for _, mail := range post.Took() {
		mails.count(host.FindString(mail), "")
	}
	for kind, came := range map[string]*counter{"feishu": plain, "email": mails} {
		told(t, kind, came.byHost(), leaks, func(host string, came map[string]int) string {
			if times := came[""]; times > 2 || times > 1+met[kind][host] {
				return fmt.Sprintf("%d times, met by %d kills", times, met[kind][host])
			}
			return ""
		})
		tries, unconfirmed, ended, twice := 0, 0, 0, 0
		for _, row := range noticesOf(t, db, w.ID, state.NoticeSent) {
			if row.Kind != kind {
				continue
			}
			tries, unconfirmed = tries+row.Tries, unconfirmed+row.Unconfirmed
			if row.Unconfirmed > 1 {
				twice++
			}
			if row.Error != "" {
				ended++
			}
		}
		t.Logf("%s: %d kills of %d messages: %d tries unconfirmed, %d of them before the message had come, %d messages met twice, %d ended by that",
			kind, kills, leaks, unconfirmed, tries-came.all(), twice, ended)
	}
}

// told wants each host told, and of each that nothing is wrong with how it came.
func told(t *testing.T, name string, byHost map[string]map[string]int, leaks int, wrong func(host string, came map[string]int) string) {
	t.Helper()
	again := 0
	for host, came := range byHost {
		times := 0
		for _, n := range came {
			times += n
		}
		again += times - 1
		if what := wrong(host, came); what != "" {
			t.Errorf("%s: %s was told %s", name, host, what)
		}
	}
	t.Logf("%s: %d of %d were told, %d requests came again", name, len(byHost), leaks, again)
	if len(byHost) != leaks {
		t.Errorf("%s: %d of %d were lost", name, leaks-len(byHost), leaks)
	}
}

func noticesOf(t *testing.T, db *state.DB, workspaceID string, statuses ...state.NoticeStatus) []state.Notice {
	t.Helper()
	rows, err := state.Every(func(p state.Page) ([]state.Notice, string, error) {
		return db.Notices(t.Context(), workspaceID, state.NoticeFilter{Statuses: statuses, Page: p})
	})
	must(t, err)
	return rows
}

var host = regexp.MustCompile(`web-\d{4}`)

// counter counts messages by the host that they are about, and by the key that they come under.
type counter struct {
	mu   sync.Mutex
	seen map[string]map[string]int
	n    int
}

func newCounter() *counter { return &counter{seen: map[string]map[string]int{}} }

func (c *counter) handler(key func(r *http.Request) string, answer string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !json.Valid(body) {
			return
		}
		about := host.FindString(string(body))
		c.count(about, key(r))
		aMoment()
		_, _ = io.WriteString(w, answer)
	})
}

// aMoment is what robots and mail servers take for an answer: there are moments to be killed in.
func aMoment() { time.Sleep(time.Duration(20+rand.IntN(180)) * time.Millisecond) }

// count counts what came about a host under a key.
func (c *counter) count(about, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[about] == nil {
		c.seen[about] = map[string]int{}
	}
	c.seen[about][key]++
	c.n++
}

// all says how many came.
func (c *counter) all() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// byHost is what came; it is read when all has come.
func (c *counter) byHost() map[string]map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
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
