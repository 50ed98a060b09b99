package agent_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"

	"github.com/memseep/memseep/internal/agent"
)

// request is what one collection has sent.
type request struct {
	at      time.Time
	samples map[string]float64 // by name and the values of further labels
}

func decode(t testing.TB, body []byte) request {
	t.Helper()
	var r writev2.Request
	if err := r.Unmarshal(body); err != nil {
		t.Fatalf("not a request of version 2: %v", err)
	}
	got := request{samples: map[string]float64{}}
	for _, s := range r.Timeseries {
		key := ""
		for i := 0; i < len(s.LabelsRefs); i += 2 {
			if name := r.Symbols[s.LabelsRefs[i]]; name != "host" {
				key += "/" + r.Symbols[s.LabelsRefs[i+1]]
			}
		}
		got.samples[key] = s.Samples[0].Value
		got.at = time.UnixMilli(s.Samples[0].Timestamp)
	}
	return got
}

var errAway = errors.New("nobody answers")

// The server is away for seven hours: of those six are kept, sent in their order once it is back,
// and what was lost is said.
func TestServerAwayForHours(t *testing.T) {
	const away, interval = 7 * time.Hour, time.Minute
	dir := t.TempDir()
	c := agent.Machine(t, "docker-v1")
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var taken []request
		c.Interval, c.QueueDir = interval, dir
		tries := 0
		c.Send = func(_ context.Context, body []byte) error {
			tries++
			if time.Since(began) < away {
				return errAway
			}
			taken = append(taken, decode(t, body))
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- agent.Run(ctx, c) }()
		time.Sleep(away + 10*time.Minute)
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if oldest := taken[0].at.Sub(began); oldest < 58*time.Minute || oldest > 62*time.Minute {
			t.Errorf("the oldest that was kept is of %s after the server went away, want an hour", oldest)
		}
		for i, r := range taken[1:] {
			if step := r.at.Sub(taken[i].at); step != interval {
				t.Fatalf("after the collection of %s comes that of %s", taken[i].at, r.at)
			}
		}
		last := taken[len(taken)-1].samples
		if lost := last["/memseep_agent_dropped_batches_total/full"]; lost < 58 || lost > 62 {
			t.Errorf("%v collections are said to be lost, want those of an hour", lost)
		}
		if n := last["/memseep_agent_queue_batches"]; n > 1 {
			t.Errorf("%v collections still wait", n)
		}
		// A pause of at most a minute between tries, each at least half of that.
		if tries < 7*60 || tries > 7*60*2+500+len(taken) {
			t.Errorf("it was tried %d times in %s", tries, away)
		}
	})
}

type statusError int

func (e statusError) Error() string { return "refused" }
func (e statusError) Status() int   { return int(e) }

// The error of a function decides as a server's answer does.
func TestSendToFunction(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		again bool
	}{
		{"away", errAway, true},
		{"too many", statusError(429), true},
		{"broken", statusError(503), true},
		{"bad", statusError(400), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := agent.Machine(t, "docker-v1")
			synctest.Test(t, func(t *testing.T) {
				var at []time.Time
				config.Send = func(_ context.Context, body []byte) error {
					at = append(at, decode(t, body).at)
					if len(at) == 1 {
						return c.err
					}
					return nil
				}
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				if err := agent.Run(ctx, config); err != nil {
					t.Fatal(err)
				}
				if len(at) < 2 || c.again != at[0].Equal(at[1]) {
					t.Errorf("sent are %v; the first should come again: %t", at, c.again)
				}
			})
		})
	}
}
