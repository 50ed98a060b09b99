package torture

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// The hosts and the minutes that one request of the fleet's history holds.
const (
	hostsAtOnce   = 250
	minutesAtOnce = 10
)

// Fill sends the fleet's history, a sample a minute, in the order of time as collectors do, to the
// servers in turns.
func (f Fleet) Fill(ctx context.Context, servers ...*Server) error {
	n := 0
	for times := range slices.Chunk(f.past(), minutesAtOnce) {
		for from := 0; from < f.Hosts; from += hostsAtOnce {
			body, err := f.request(f.all(from, from+hostsAtOnce), f.collected(), times)
			if err != nil {
				return err
			}
			a, err := Write(ctx, servers[n%len(servers)], body)
			if err == nil && !a.Taken() {
				err = fmt.Errorf("it was answered %d %s", a.Status, a.Body)
			}
			if err != nil {
				return fmt.Errorf("send the fleet's history: %w", err)
			}
			n++
		}
	}
	return nil
}

// Answer is what a sender is told.
type Answer struct {
	Status     int
	RetryAfter string
	Body       string
}

// Taken tells whether everything was acknowledged.
func (a Answer) Taken() bool { return a.Status/100 == 2 }

// Write sends a packed body of remote write.
func Write(ctx context.Context, s *Server, body []byte) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/api/v1/write", bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+IngestKey)
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("Content-Encoding", "snappy")
	r.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return Answer{answer.StatusCode, answer.Header.Get("Retry-After"), string(text)}, err
}

// Sender sends values of its hosts again and again, and remembers what was acknowledged.
type Sender struct {
	server *Server
	fleet  Fleet
	hosts  []int

	mu           sync.Mutex
	acknowledged []acknowledged // in the order of their times
	refused      int            // requests that were answered, but not taken
}

// acknowledged is a request that was taken.
type acknowledged struct {
	ms        int64 // time of its samples
	collected bool  // it had the collector's metrics, beside the fast ones
}

// NewSender is one for some hosts of the fleet.
func NewSender(s *Server, f Fleet, hosts []int) *Sender {
	return &Sender{server: s, fleet: f, hosts: hosts}
}

// The pauses between two requests, and after one that had no answer.
const (
	sendEvery  = 25 * time.Millisecond
	afterError = 50 * time.Millisecond
)

// Run sends until the context ends. A request without an answer is not sent again: whether it was
// kept is not known.
func (s *Sender) Run(ctx context.Context) {
	last, minute := int64(0), s.fleet.Begun.Truncate(time.Minute)
	for ctx.Err() == nil {
		now := time.Now()
		last = max(now.UnixMilli(), last+1)
		a := acknowledged{ms: last, collected: now.Truncate(time.Minute).After(minute)}
		pause := sendEvery
		switch taken, err := s.send(ctx, a); {
		case err != nil:
			pause = afterError
		case taken && a.collected:
			minute = now.Truncate(time.Minute)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

func (s *Sender) send(ctx context.Context, a acknowledged) (taken bool, err error) {
	body, err := s.fleet.request(s.hosts, s.metricsIn(a), []int64{a.ms})
	if err != nil {
		return false, err
	}
	answer, err := Write(ctx, s.server, body)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer.Taken() {
		s.acknowledged = append(s.acknowledged, a)
	} else {
		s.refused++
	}
	return answer.Taken(), nil
}

func (s *Sender) metricsIn(a acknowledged) []int {
	if a.collected {
		return append(s.fleet.collected(), s.fleet.fast()...)
	}
	return s.fleet.fast()
}

// since are the requests that were acknowledged, from a time on.
func (s *Sender) since(ms int64) []acknowledged {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, _ := slices.BinarySearchFunc(s.acknowledged, ms, func(a acknowledged, ms int64) int { return cmp.Compare(a.ms, ms) })
	return slices.Clone(s.acknowledged[i:])
}

// Samples is how many were acknowledged.
func (s *Sender) Samples() int {
	n := 0
	for _, a := range s.since(0) {
		n += len(s.hosts) * len(s.metricsIn(a))
	}
	return n
}

// Refused is how many requests were answered and not taken.
func (s *Sender) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// Packed is a body of remote write with the collector's metrics of all hosts at a time.
func (f Fleet) Packed(at time.Time) ([]byte, error) {
	return f.request(f.all(0, f.Hosts), f.collected(), []int64{at.UnixMilli()})
}
