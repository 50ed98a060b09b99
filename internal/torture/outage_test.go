package torture_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

// keyCache is longer than a key is believed without asking the state.
const keyCache = 6 * time.Second

// smallFleet is one for tests that are not about numbers.
func smallFleet() torture.Fleet {
	return torture.Fleet{Hosts: 8, LeakEvery: 4, Begun: time.Now().Truncate(time.Second)}
}

// inspected is a fleet's server with a run that has found the leaks.
func inspected(t *testing.T, s *torture.Server, f torture.Fleet) (inspection string, book *torture.Book) {
	t.Helper()
	must(t, f.Fill(t.Context(), s))
	inspection, err := s.FirstInspection(t.Context(), "0 0 1 1 *", 15*time.Minute, true)
	must(t, err)
	runAgain(t, s, inspection, f)
	book = torture.NewBook(f, 15*time.Minute, inspection)
	must(t, book.Check(t.Context(), s))
	if n := len(book.Open(inspection)); n != f.Leaking() {
		t.Fatalf("%d events, and %d hosts leak", n, f.Leaking())
	}
	return inspection, book
}

func runAgain(t *testing.T, s *torture.Server, inspection string, f torture.Fleet) {
	t.Helper()
	r, err := s.RunToEnd(t.Context(), inspection, 5*time.Minute)
	must(t, err)
	wantWhole(t, r, f)
}

// sending sends until the function that it returns is called.
func sending(t *testing.T, s *torture.Server, f torture.Fleet) (sender *torture.Sender, stop func()) {
	t.Helper()
	sender = torture.NewSender(s, f, []int{0, 1, 2, 3, 4, 5, 6, 7})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { sender.Run(ctx) })
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return sender, stop
}

// While PostgreSQL is away the server stays up and says that it is not ready, and samples are taken
// by keys that were used before; when it is back everything goes on by itself.
func TestPostgresAway(t *testing.T) {
	t.Parallel()
	postgres := realserver.StartPostgres(t)
	s, f := started(t, torture.Options{State: postgres.URL(t)}), smallFleet()
	inspection, book := inspected(t, s, f)
	sender, stop := sending(t, s, f)
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return sender.Samples() > 0 }))

	postgres.End()
	must(t, torture.Within(t.Context(), 30*time.Second, func() bool { return !s.Ready(t.Context()) }))
	if status, text, err := s.Get(t.Context(), "/healthz"); err != nil || status != http.StatusOK {
		t.Errorf("it lives, and /healthz says %d %s %v", status, text, err)
	}
	// Longer than keys are believed without asking: from then on those that were used before go on.
	time.Sleep(keyCache)
	before := sender.Samples()
	must(t, torture.Within(t.Context(), 30*time.Second, func() bool { return sender.Samples() > before }))
	if sender.Refused() > 0 {
		t.Errorf("%d requests with samples were refused while PostgreSQL was away", sender.Refused())
	}
	asked := time.Now()
	status, text, err := s.Get(t.Context(), "/api/v1/events")
	if err != nil || status/100 != 5 || time.Since(asked) > 15*time.Second {
		t.Errorf("events: %d %s %v after %s; want an error of the server, soon", status, text, err, time.Since(asked))
	}
	if strings.Contains(text, "postgres://") || strings.Contains(text, "SELECT") {
		t.Errorf("the answer tells of the database: %s", text)
	}

	postgres.Run(t)
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return s.Ready(t.Context()) }))
	must(t, book.Check(t.Context(), s))
	runAgain(t, s, inspection, f)
	must(t, book.Check(t.Context(), s))
	stop()
	must(t, sender.Verify(t.Context(), f.Begun))
}

// While VictoriaMetrics is away collectors are told to send again, a run with little time ends and
// says why, and one with more goes on when it is back.
func TestVictoriaMetricsAway(t *testing.T) {
	t.Parallel()
	metrics := realserver.StartVictoriaMetrics(t)
	s, f := started(t, torture.Options{Remote: metrics.URL}), smallFleet()
	must(t, f.Fill(t.Context(), s)) // a first time: what is delivered twice does no harm
	metrics.Flush(t)
	inspection, book := inspected(t, s, f)
	short, err := s.AddInspection(t.Context(), "short", 5*time.Second)
	must(t, err)

	metrics.End()
	must(t, torture.Within(t.Context(), 30*time.Second, func() bool { return !s.Ready(t.Context()) }))
	body, err := f.Packed(time.Now())
	must(t, err)
	answer, err := torture.Write(t.Context(), s, body)
	if err != nil || answer.Status != http.StatusServiceUnavailable || answer.RetryAfter == "" {
		t.Errorf("samples were answered %+v, %v; want 503 with Retry-After", answer, err)
	}
	r, err := s.RunToEnd(t.Context(), short, time.Minute)
	must(t, err)
	log, err := s.Client.Run(t.Context(), r.ID)
	must(t, err)
	if r.Status != "timeout" || !strings.Contains(r.Error, "not done within its timeout of 5s") || !strings.Contains(torture.LogOf(log), "connection refused") {
		t.Errorf("a run without metrics ended as %s, %s; its log:\n%s", r.Status, r.Error, torture.LogOf(log))
	}
	patient, err := s.Client.RunInspection(t.Context(), inspection)
	must(t, err)
	must(t, torture.Within(t.Context(), time.Minute, func() bool {
		now, err := s.Client.Run(t.Context(), patient.ID)
		must(t, err)
		return strings.Contains(torture.LogOf(now), "attempt 1 of")
	}))

	metrics.Run(t)
	r, err = s.AwaitRun(t.Context(), patient.ID, 2*time.Minute)
	must(t, err)
	wantWhole(t, r, f)
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return s.Ready(t.Context()) }))
	answer, err = torture.Write(t.Context(), s, body)
	if err != nil || !answer.Taken() {
		t.Errorf("samples were answered %+v, %v when VictoriaMetrics was back", answer, err)
	}
	must(t, book.Check(t.Context(), s))
}
