package ingest

import (
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// space is what Ingest remembers of one workspace.
type space struct {
	senders senders

	mu     sync.Mutex
	rate   *rate.Limiter
	active active
}

func (in *Ingest) space(workspace string) *space {
	in.mu.Lock()
	defer in.mu.Unlock()
	s := in.spaces[workspace]
	if s == nil {
		s = &space{rate: rate.NewLimiter(0, 0)}
		in.spaces[workspace] = s
	}
	return s
}

// burstSeconds is for how long a workspace may send faster than its limit, after it was silent.
const burstSeconds = 10

// admit holds the batch against the limits of the workspace: too many samples a second refuse it
// as a whole, to be sent again; series that are too many are left out.
func (s *space) admit(b *batch, l Limits, now time.Time, later int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.SamplesPerSecond < unlimited && !s.allow(l.SamplesPerSecond, len(b.samples), now) {
		return &failure{status: later, retry: retryBusy, text: "the workspace sends more samples a second than it may: send them again later, or scrape less often"}
	}
	if l.Series < unlimited {
		b.series = s.active.admit(b, l.Series, now)
	}
	return nil
}

// allow lets a batch that is larger than all that may be saved up through when all of it is.
func (s *space) allow(perSecond, samples int, now time.Time) bool {
	perSecond = min(perSecond, math.MaxInt32/burstSeconds)
	burst := burstSeconds * perSecond
	if s.rate.Burst() != burst {
		s.rate = rate.NewLimiter(rate.Limit(perSecond), burst)
	}
	return s.rate.AllowN(now, min(samples, burst))
}

// Forget drops what is remembered of a workspace that was deleted.
func (in *Ingest) Forget(workspaceID string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.spaces, workspaceID)
}

// Senders tells who has sent to the workspace, the latest first.
func (in *Ingest) Senders(workspaceID string) []Sender {
	in.mu.Lock()
	s := in.spaces[workspaceID]
	in.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.senders.list()
}

// withCredentials gives the request with a key of InfluxDB's ways in a form that is known
// everywhere: "Authorization: Token ID:SECRET" (2.x) and the parameters u and p (1.x).
func withCredentials(r *http.Request) *http.Request {
	const scheme = "Token "
	given := r.Header.Get("Authorization")
	if given == "" && r.URL.RawQuery != "" {
		q := r.URL.Query()
		if user := q.Get("u"); user != "" {
			r = clone(r)
			r.SetBasicAuth(user, q.Get("p"))
		}
		return r
	}
	if len(given) > len(scheme) && given[:len(scheme)] == scheme {
		r = clone(r)
		r.Header.Set("Authorization", "Bearer "+given[len(scheme):])
	}
	return r
}

func clone(r *http.Request) *http.Request {
	c := *r
	c.Header = r.Header.Clone()
	return &c
}
