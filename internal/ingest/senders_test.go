package ingest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func from(address string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.RemoteAddr = address
	return r
}

// A crowd of senders takes no more memory than there is for it, and the ones that send stay.
func TestSendersAreBounded(t *testing.T) {
	var s senders
	now := time.Unix(1_000_000, 0)
	for i := range 3 * mostSenders {
		s.of("otlp", "k1", from(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255)), now.Add(time.Duration(i)*time.Second))
		s.of("otlp", "k1", from("192.168.0.1:1"), now.Add(time.Duration(i)*time.Second))
	}
	list := s.list()
	if len(list) > mostSenders {
		t.Errorf("%d senders, want at most %d", len(list), mostSenders)
	}
	found := false
	for _, one := range list {
		found = found || one.Address == "192.168.0.1" && one.Requests == 3*mostSenders
	}
	if !found {
		t.Error("the sender that was never silent is forgotten")
	}
	if list[0].LastSeenAt.Before(list[len(list)-1].LastSeenAt) {
		t.Error("the latest does not come first")
	}
}

func TestSenderTellsLagAndClock(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	for _, c := range []struct {
		name       string
		newest     time.Duration // after now
		lag, ahead time.Duration
	}{
		{"in time", 0, 0, 0},
		{"late", -5 * time.Minute, 5 * time.Minute, 0},
		{"from the future", 3 * time.Minute, 0, 3 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all senders
			s := all.of("otlp", "k1", from("10.0.0.1:1"), now)
			s.told(&outcome{newest: now.Add(c.newest).UnixMilli(), stored: 1}, now)
			if got := s.copy(); got.Lag != c.lag || got.ClockAhead != c.ahead {
				t.Errorf("lag %s, ahead %s; want %s and %s", got.Lag, got.ClockAhead, c.lag, c.ahead)
			}
		})
	}
}

// The log names a sender once an hour for each reason.
func TestSenderIsNamedOnce(t *testing.T) {
	var all senders
	now := time.Unix(1_000_000, 0)
	s := all.of("otlp", "k1", from("10.0.0.1:1"), now)
	old := &outcome{refused: counts{TooOld: 1}}
	both := &outcome{refused: counts{TooOld: 1, Invalid: 2}}
	for i, c := range []struct {
		o    *outcome
		at   time.Duration
		want int
	}{{old, 0, 1}, {old, time.Minute, 0}, {both, 2 * time.Minute, 1}, {both, 59 * time.Minute, 0}, {both, 61 * time.Minute, 1}} {
		if say := s.told(c.o, now.Add(c.at)); len(say) != c.want {
			t.Errorf("%d: the log names %v, want %d reasons", i, say, c.want)
		}
	}
	if got := s.copy().Refused; got["too_old"] != 5 || got["invalid"] != 6 {
		t.Errorf("refused: %v", got)
	}
}
