package event

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// TestAnyLifeKeepsTheRules plays random sequences of runs and of what persons do.
func TestAnyLifeKeepsTheRules(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		script := make([]byte, 60+r.IntN(200))
		for i := range script {
			script[i] = byte(r.UintN(256))
		}
		if live(t, script); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzAdvance(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("leaks, heals, leaks again, and nobody knows why"))
	f.Add([]byte{0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 200, 200, 200, 200, 200, 77, 77, 77, 77, 77})
	f.Fuzz(func(t *testing.T, script []byte) { live(t, script) })
}

var cast = []leak.Object{
	{Kind: leak.KindHost, Host: "a"},
	{Kind: leak.KindProcess, Host: "a", Name: "java"},
	{Kind: leak.KindPod, Host: "a", Namespace: "shop", Name: "cart-7d9f8b6c5-bcdfg"},
	{Kind: leak.KindPod, Host: "a", Namespace: "shop", Name: "cart-7d9f8b6c5-t5t5t"},
	{Kind: leak.KindHost, Host: "b"},
	{Kind: leak.KindKernel, Host: "b", Name: "slab"},
}

// life is a database, and what was said of each fingerprint since it was last found leaking.
type life struct {
	t       *testing.T
	events  []Event
	seqs    map[string]int
	healthy map[string]int
}

// live reads a script of bytes: for each run one for each of the cast, then one for persons.
func live(t *testing.T, script []byte) {
	t.Helper()
	l := &life{t: t, seqs: map[string]int{}, healthy: map[string]int{}}
	at := midnight
	for per := len(cast) + 1; len(script) >= per; script = script[per:] {
		at = at.Add(time.Duration(script[per-1]%3) * 30 * time.Minute) // now and then the same window again
		l.run(findingsOf(script[:len(cast)], at), at)
		l.person(script[per-1], at)
		if t.Failed() {
			return
		}
	}
}

func findingsOf(script []byte, at time.Time) []inspect.Finding {
	var out []inspect.Finding
	for i, b := range script {
		f := inspect.Finding{At: at, Object: cast[i], Unexplained: math.NaN(), Verdict: leak.Verdict{Level: leak.OK, Value: math.NaN()}}
		v := &f.Verdict
		switch b % 8 {
		case 0, 1, 2:
			v.Leak, v.Cause, v.Value = true, leak.Steady, 70
			v.Level = []leak.Level{leak.Warning, leak.Error, leak.Critical}[b/8%3]
			v.Exhaustion.At = at.Unix() + int64(b)*1000
			if b >= 192 {
				f.Wait = inspect.JustBegun
			}
		case 3, 4:
			v.Cause, v.Value = leak.SteadyLevel, 30
		case 5:
			v.Cause = leak.NoData
		case 6:
			v.Cause = leak.TooShort
		case 7:
			if f.Object.Kind != leak.KindHost {
				continue // it is not there
			}
			if f.Err = os.ErrDeadlineExceeded; b > 128 {
				f.Err, v.Cause = nil, leak.NoData
			}
		}
		if f.Object.Host == "a" && f.Object.Kind == leak.KindHost && b%16 < 8 {
			f.Suspects = []suspect.Suspect{
				{Kind: leak.KindPod, Namespace: "shop", Name: cast[2].Name, Share: float64(b) / 255},
				{Kind: leak.KindProcess, Name: "java", Share: 1 - float64(b)/255},
			}
		}
		out = append(out, f)
	}
	return out
}

func (l *life) run(findings []inspect.Finding, at time.Time) {
	first := l.advance(findings, at)
	for _, tr := range first {
		e := tr.Event
		for _, f := range findings {
			if f.Object.Host == e.Object.Host && f.Err != nil {
				l.t.Errorf("%s changes by a reading that failed", e.Object)
			}
		}
	}
	if again := l.advance(findings, at); len(again) > 0 {
		l.t.Errorf("the same run again: %+v", again)
	}
	l.leaksAreTold(findings)
}

func (l *life) advance(findings []inspect.Finding, at time.Time) []Transition {
	var open, earlier []Event
	for _, e := range l.events {
		if e.Status == Open {
			open = append(open, e)
		} else {
			earlier = append(earlier, e)
		}
	}
	before := fmt.Sprintf("%+v", open)
	n := len(l.events)
	out := Advance(open, findings, at, Options{
		WorkspaceID: "w", InspectionID: "i", Earlier: earlier, HealthyRuns: 2, NoDataRuns: 3,
		NewID: func() string { n++; return fmt.Sprint("#", n) },
	})
	if after := fmt.Sprintf("%+v", open); after != before {
		l.t.Error("the events that were given are changed")
	}
	l.count(findings, out)
	for _, tr := range out {
		l.keep(tr)
	}
	l.nobodyIsToldTooEarly(findings, out)
	seen := map[string]bool{}
	for _, e := range l.events {
		if e.Status == Open && seen[e.Fingerprint] {
			l.t.Errorf("two open events about %s", e.Object)
		}
		seen[e.Fingerprint] = seen[e.Fingerprint] || e.Status == Open
	}
	return out
}

// count adds up healthy verdicts in a row on its own, and compares with who recovers.
func (l *life) count(findings []inspect.Finding, out []Transition) {
	moved := map[string]bool{}
	for _, tr := range out {
		moved[tr.Event.Fingerprint] = true
	}
	said := map[string]state{}
	for _, f := range findings {
		p := Fingerprint("w", "i", f.Object, f.Owner)
		said[p] = max(said[p], stateOf(&f.Verdict))
	}
	for p, s := range said {
		switch {
		case !moved[p]:
		case s == leaks:
			l.healthy[p] = 0
		case s == healthy:
			l.healthy[p]++
		}
	}
	for _, tr := range out {
		if e := tr.Event; e.Recovery == ByItself {
			if l.healthy[e.Fingerprint] < 2 {
				l.t.Errorf("%s recovers after %d healthy verdicts", e.Object, l.healthy[e.Fingerprint])
			}
			l.healthy[e.Fingerprint] = 0
		}
	}
}

func (l *life) keep(tr Transition) {
	e := tr.Event
	at := -1
	for i := range l.events {
		if l.events[i].ID == e.ID {
			at = i
		}
	}
	switch {
	case tr.New != (at < 0):
		l.t.Errorf("%s: new %v, kept at %d", e.ID, tr.New, at)
		return
	case at < 0:
		l.events = append(l.events, e)
	default:
		if was := l.events[at]; was.Status == Recovered && !reflect.DeepEqual(was, e) {
			l.t.Errorf("%s changes after its end", e.ID)
		} else if !reflect.DeepEqual(was.Snapshot, e.Snapshot) || was.Fingerprint != e.Fingerprint || !was.OpenedAt.Equal(e.OpenedAt) {
			l.t.Errorf("%s is not what was opened", e.ID)
		}
		l.events[at] = e
	}
	for _, entry := range tr.Entries {
		l.seqs[e.ID]++
		if entry.Seq != l.seqs[e.ID] {
			l.t.Errorf("%s: entry %d after %d", e.ID, entry.Seq, l.seqs[e.ID]-1)
		}
	}
	if e.Entries != l.seqs[e.ID] {
		l.t.Errorf("%s counts %d entries of %d", e.ID, e.Entries, l.seqs[e.ID])
	}
}

// leaksAreTold says that no leak that need not wait is without an open event: its own, its host's, or that
// of the pod which it is in. What a person closed within this very run is left out.
func (l *life) leaksAreTold(findings []inspect.Finding) {
	open, closed := map[string]bool{}, map[string]bool{}
	for _, e := range l.events {
		if e.Status == Open {
			open[e.Fingerprint] = true
			open["host "+e.Object.Host] = true
		} else if e.CheckedAt.Equal(findings[0].At) {
			closed[e.Object.Host] = true
		}
	}
	failed := map[string]bool{}
	for _, f := range findings {
		failed[f.Object.Host] = failed[f.Object.Host] || f.Err != nil
	}
	for _, f := range findings {
		host := f.Object.Host
		told := open[Fingerprint("w", "i", f.Object, "")] || open["host "+host]
		if f.Verdict.Leak && f.Wait == "" && !told && !failed[host] && !closed[host] {
			l.t.Errorf("nobody tells that %s leaks", f.Object)
		}
	}
}

// nobodyIsToldTooEarly says that no event is opened on a host of which all leaks wait.
func (l *life) nobodyIsToldTooEarly(findings []inspect.Finding, out []Transition) {
	certain := map[string]bool{}
	for _, f := range findings {
		if f.Verdict.Leak && f.Wait == "" {
			certain[f.Object.Host] = true
		}
	}
	for _, tr := range out {
		if tr.New && !certain[tr.Event.Object.Host] {
			l.t.Errorf("%s is told too early", tr.Event.Object)
		}
	}
}

func (l *life) person(b byte, at time.Time) {
	if len(l.events) == 0 || b < 160 {
		return
	}
	e := l.events[int(b)%len(l.events)]
	switch b % 4 {
	case 0:
		l.keep(Acknowledge(e, "ann", "", at))
	case 1:
		if e.Status == Open { // of one that is over it may be said too
			l.keep(Deny(e, "ann", "a cache", at))
		}
	case 2:
		l.keep(RecoverByHand(e, "ann", "", at))
	}
}
