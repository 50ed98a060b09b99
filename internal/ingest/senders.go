package ingest

import (
	"cmp"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Sender is a collector that has sent to a workspace. One is told from another by its protocol,
// its key and its address.
type Sender struct {
	Protocol   string // remote_write_1, remote_write_2, otlp, influx or datakit
	Key        string // as Options.Authorize named it
	Address    string // without port
	Agent      string // User-Agent
	LastSeenAt time.Time
	Requests   int64
	Samples    int64            // kept
	Refused    map[string]int64 // samples, by Reason
	Failed     int64            // requests of which nothing was kept
	Problem    string           // the last thing that was wrong
	ProblemAt  time.Time
	// Lag is how old the newest sample was when it arrived; 0 where it was not old.
	Lag time.Duration
	// ClockAhead is by how much the sender's clock is ahead at least, since its samples came from
	// the future. A clock that is behind cannot be told from a sender that is late: that is Lag.
	ClockAhead time.Duration
}

// sender is a Sender as it is kept.
type sender struct {
	key senderKey

	mu       sync.Mutex
	seen     Sender // without Refused
	refused  [reasons]int64
	saidAt   [reasons]time.Time // when the log named it last
	failedAt time.Time
}

type senderKey struct{ protocol, key, address string }

// senders are those of one workspace; the ones that were silent for longest make room.
type senders struct {
	mu    sync.Mutex
	known map[senderKey]*sender
}

const (
	mostSenders = 5000
	// sayAgain is after how long the log names a sender with the same trouble again.
	sayAgain = time.Hour
)

// of finds or makes the sender of a request.
func (s *senders) of(protocol, key string, r *http.Request, now time.Time) *sender {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	k := senderKey{protocol, key, host}
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.known[k]; found != nil {
		found.arrives(r, now)
		return found
	}
	if s.known == nil {
		s.known = map[senderKey]*sender{}
	}
	if len(s.known) >= mostSenders {
		s.makeRoom()
	}
	made := &sender{key: k, seen: Sender{Protocol: protocol, Key: key, Address: host}}
	made.arrives(r, now)
	s.known[k] = made
	return made
}

// makeRoom forgets the tenth that was silent for longest.
func (s *senders) makeRoom() {
	type age struct {
		key  senderKey
		last time.Time
	}
	ages := make([]age, 0, len(s.known))
	for k, one := range s.known {
		one.mu.Lock()
		ages = append(ages, age{k, one.seen.LastSeenAt})
		one.mu.Unlock()
	}
	slices.SortFunc(ages, func(a, b age) int { return a.last.Compare(b.last) })
	for _, a := range ages[:len(ages)/10] {
		delete(s.known, a.key)
	}
}

func (s *senders) list() []Sender {
	s.mu.Lock()
	all := make([]*sender, 0, len(s.known))
	for _, one := range s.known {
		all = append(all, one)
	}
	s.mu.Unlock()
	out := make([]Sender, 0, len(all))
	for _, one := range all {
		out = append(out, one.copy())
	}
	slices.SortFunc(out, func(a, b Sender) int {
		return cmp.Or(b.LastSeenAt.Compare(a.LastSeenAt), cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Address, b.Address))
	})
	return out
}

func (s *sender) copy() Sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.seen
	c.Refused = map[string]int64{}
	for r, n := range s.refused {
		if n > 0 {
			c.Refused[Reason(r).String()] = n
		}
	}
	return c
}

func (s *sender) arrives(r *http.Request, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.LastSeenAt = now
	s.seen.Requests++
	if agent := r.UserAgent(); len(agent) <= 200 {
		s.seen.Agent = agent
	}
}

// told notes what became of a request, and gives the reasons that the log has to name now.
func (s *sender) told(o *outcome, now time.Time) (say []Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Samples += int64(o.kept())
	for r, n := range o.refused {
		if n == 0 {
			continue
		}
		s.refused[r] += int64(n)
		if now.Sub(s.saidAt[r]) > sayAgain {
			s.saidAt[r] = now
			say = append(say, Reason(r))
		}
	}
	if text := o.text(); text != "" {
		s.seen.Problem, s.seen.ProblemAt = text, now
	}
	if o.newest != 0 {
		late := now.Sub(time.UnixMilli(o.newest))
		s.seen.Lag, s.seen.ClockAhead = max(late, 0), max(-late, 0)
	}
	return say
}

// failed notes a request of which nothing was kept, and tells whether the log has to name it.
func (s *sender) failed(f *failure, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Failed++
	s.seen.Problem, s.seen.ProblemAt = f.text, now
	if now.Sub(s.failedAt) <= sayAgain {
		return false
	}
	s.failedAt = now
	return true
}

// told remembers the outcome and names in the log, once a sender, what was refused.
func (in *Ingest) told(p *protocol, workspace string, o *outcome, now time.Time) {
	if say := o.sender.told(o, now); len(say) > 0 {
		in.o.Logger.Warn("some samples of a sender were refused",
			slog.String("workspace", workspace), slog.String("protocol", p.name),
			slog.String("key", o.sender.key.key), slog.String("address", o.sender.key.address),
			slog.String("refused", o.text()))
	}
}

// failed remembers the failure and names it in the log, once a sender. Who has no key is not a
// sender: such requests are counted alone.
func (in *Ingest) failed(p *protocol, o *outcome, f *failure) {
	if o.sender == nil {
		return
	}
	if o.sender.failed(f, in.o.Clock()) {
		in.o.Logger.Warn("a sender's request could not be taken",
			slog.String("protocol", p.name), slog.String("key", o.sender.key.key),
			slog.String("address", o.sender.key.address), slog.Int("status", f.status), slog.String("problem", f.text))
	}
}
