package ingest_test

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/ingest"
	"github.com/prometheus/prometheus/model/value"
)

// TestConformance holds every protocol to the same promises. All write to one store, each case
// about hosts of its own.
func TestConformance(t *testing.T) {
	spaces := openSpaces(t, clockOfTests)
	for _, p := range protocols {
		p.spaces = spaces
		t.Run(p.name, func(t *testing.T) {
			t.Run("good", func(t *testing.T) { good(t, p) })
			t.Run("keys", func(t *testing.T) { keys(t, p) })
			t.Run("times", func(t *testing.T) { times(t, p) })
			t.Run("values", func(t *testing.T) { values(t, p) })
			t.Run("duplicates", func(t *testing.T) { duplicates(t, p) })
			t.Run("bad bodies", func(t *testing.T) { badBodies(t, p) })
			t.Run("bad text", func(t *testing.T) { badText(t, p) })
			t.Run("limits", func(t *testing.T) { limits(t, p) })
		})
	}
}

func (p spoken) serve(t testing.TB, l ingest.Limits) *server {
	t.Helper()
	return serveSpaces(t, l, clockOfTests, p.spaces)
}

// host is a name that no other case has.
func (p spoken) host(t testing.TB, name string) string {
	return name + "-" + strings.Map(func(c rune) rune {
		if c == ' ' || c == '/' {
			return '_'
		}
		return c
	}, t.Name())
}

func (p spoken) send(t testing.TB, s *server, samples ...sample) answer {
	t.Helper()
	return p.sendBody(t, s, p.pack(p.encode(t, samples)))
}

func (p spoken) sendBody(t testing.TB, s *server, body []byte) answer {
	t.Helper()
	header := map[string]string{"Authorization": "Bearer " + key}
	for name, value := range p.header {
		header[name] = value
	}
	return s.post(t, p.path, header, body)
}

// expect checks an answer, and its numbers where there are any.
func expect(t testing.TB, a answer, status, stored, refused int) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	for name, want := range map[string]int{"X-Memseep-Samples-Stored": stored, "X-Memseep-Samples-Refused": refused} {
		if got := a.header.Get(name); got != strconv.Itoa(want) {
			t.Errorf("%s is %q, want %d: %s", name, got, want, a.body)
		}
	}
}

// explains checks that the answer says what was wrong.
func explains(t testing.TB, a answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("the answer is %q, want it to say %q", a.body, w)
		}
	}
}

func good(t *testing.T, p spoken) {
	s := p.serve(t, ingest.Limits{})
	ascii, chinese := p.host(t, "web"), p.host(t, "网")
	expect(t, p.send(t, s, sample{ascii, now, 71.5}, sample{chinese, now, 20}), p.good, 2, 0)
	for host, want := range map[string]string{ascii: "71.5", chinese: "20"} {
		got := s.query(t, fmt.Sprintf("sum(mem_used_percent{%s=%q})", p.label, host), now)
		if got["map[]"] != want {
			t.Errorf("%v of %s=%q, want %s", got, p.label, host, want)
		}
	}
	senders := s.ingest.Senders(workspace)
	if len(senders) != 1 || senders[0].Samples != 2 || senders[0].Key != "k1" || senders[0].Address != "127.0.0.1" || !senders[0].LastSeenAt.Equal(now) {
		t.Errorf("senders: %+v", senders)
	}
}

func keys(t *testing.T, p spoken) {
	s := p.serve(t, ingest.Limits{})
	body := p.pack(p.encode(t, []sample{{p.host(t, "web"), now, 1}}))
	for _, c := range []struct {
		name, header, query string
		status              int
	}{
		{"none", "", "", 401},
		{"unknown", "Bearer nobody:x", "", 401},
		{"without the scope", "Bearer k2:reads", "", 403},
		{"bearer", "Bearer " + key, "", p.good},
		{"token of InfluxDB 2", "Token " + key, "", p.good},
		{"basic", "Basic azE6c2VjcmV0", "", p.good},
		{"u and p of InfluxDB 1", "", "u=k1&p=secret", p.good},
		{"token of DataKit", "", "token=" + key, p.good},
	} {
		t.Run(c.name, func(t *testing.T) {
			header := map[string]string{}
			for name, value := range p.header {
				header[name] = value
			}
			if c.header != "" {
				header["Authorization"] = c.header
			}
			path := p.path
			if c.query != "" {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				path += sep + c.query
			}
			if a := s.post(t, path, header, body); a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
			if c.status >= 400 { // the body is not looked at
				if a := s.post(t, path, header, []byte("\xff")); a.status != c.status {
					t.Errorf("with a broken body %d %s, want %d", a.status, a.body, c.status)
				}
			}
		})
	}
}

func times(t *testing.T, p spoken) {
	s := p.serve(t, ingest.Limits{})
	one, two := p.host(t, "one"), p.host(t, "two")
	expect(t, p.send(t, s, sample{one, now, 1}), p.good, 1, 0)
	expect(t, p.send(t, s, sample{one, now.Add(-5*time.Hour - 59*time.Minute), 2}), p.good, 1, 0)
	old := p.send(t, s, sample{one, now.Add(-7 * time.Hour), 3}, sample{two, now, 4})
	expect(t, old, p.partly, 1, 1)
	explains(t, old, "1 too old")
	for _, at := range []time.Time{time.Unix(1, 0), time.Date(1970, 6, 1, 0, 0, 0, 0, time.UTC), now.Add(-31 * 24 * time.Hour)} {
		a := p.send(t, s, sample{one, at, 5}, sample{two, now, 4})
		expect(t, a, p.partly, 1, 1)
		explains(t, a, "1 too old")
	}
	for _, at := range []time.Time{now.Add(11 * time.Minute), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} {
		a := p.send(t, s, sample{one, at, 5})
		expect(t, a, p.partly, 0, 1)
		explains(t, a, "1 in the future", "clock")
	}
	sender := s.ingest.Senders(workspace)[0]
	if sender.Refused["too_old"] != 4 || sender.Refused["too_new"] != 2 {
		t.Errorf("refused: %v, want 4 too old and 2 too new", sender.Refused)
	}
	if n := strings.Count(s.log.String(), "samples of a sender were refused"); n != 2 {
		t.Errorf("the log names the sender %d times, want once for each reason:\n%s", n, s.log)
	}
}

func values(t *testing.T, p spoken) {
	if !p.numbers {
		t.Skip("the protocol has no way to say NaN")
	}
	s := p.serve(t, ingest.Limits{})
	stale := math.Float64frombits(value.StaleNaN)
	nan, inf, small, gone := p.host(t, "nan"), p.host(t, "inf"), p.host(t, "small"), p.host(t, "gone")
	expect(t, p.send(t, s, sample{nan, now, math.NaN()}, sample{inf, now, math.Inf(1)}, sample{small, now, -0.5}), p.good, 3, 0)
	expect(t, p.send(t, s, sample{gone, now.Add(-time.Minute), 1}, sample{gone, now, stale}), p.good, 2, 0)
	for host, want := range map[string]string{nan: "NaN", inf: "+Inf", small: "-0.5", gone: ""} {
		if got := s.query(t, fmt.Sprintf("sum(mem_used_percent{%s=%q})", p.label, host), now)["map[]"]; got != want {
			t.Errorf("%s is %q, want %q", host, got, want)
		}
	}
}

func duplicates(t *testing.T, p spoken) {
	s := p.serve(t, ingest.Limits{})
	host := p.host(t, "web")
	both := []sample{{host, now.Add(-time.Minute), 1}, {host, now, 2}}
	expect(t, p.send(t, s, both...), p.good, 2, 0)
	for range 3 {
		expect(t, p.send(t, s, both...), p.good, 2, 0)
	}
	if got := s.query(t, fmt.Sprintf("sum(count_over_time(mem_used_percent{%s=%q}[10m]))", p.label, host), now); got["map[]"] != "2" {
		t.Errorf("%v samples after four deliveries, want 2", got)
	}
}

func badBodies(t *testing.T, p spoken) {
	s := p.serve(t, ingest.Limits{Body: 1 << 20, Decoded: 2 << 20})
	for _, c := range []struct {
		name   string
		body   []byte
		status int
		says   string
	}{
		{"empty", nil, 400, "empty"},
		{"too large", bytes.Repeat([]byte{'a'}, 1<<20+1), p.tooLarge, "more than 1048576 bytes"},
		{"a bomb", p.pack(make([]byte, 3<<20)), p.tooLarge, "bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := p.sendBody(t, s, c.body)
			if a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
			explains(t, a, c.says)
		})
	}
	for i, body := range p.broken {
		t.Run(fmt.Sprintf("broken %d", i), func(t *testing.T) {
			if a := p.sendBody(t, s, p.pack(body)); a.status != http.StatusBadRequest || a.body == "" {
				t.Errorf("%d %s, want 400 and why", a.status, a.body)
			}
		})
	}
	if encoding := p.header["Content-Encoding"]; encoding != "" {
		for name, body := range map[string][]byte{"not packed": []byte("mem used=1"), "cut off": p.pack(bytes.Repeat([]byte("mem used=1\n"), 100))[:20]} {
			if a := p.sendBody(t, s, body); a.status != http.StatusBadRequest {
				t.Errorf("%s: %d %s, want 400", name, a.status, a.body)
			}
		}
	}
	t.Run("an encoding that is not known", func(t *testing.T) {
		q := p
		q.header = map[string]string{"Content-Type": p.header["Content-Type"], "Content-Encoding": "br"}
		if a := q.sendBody(t, s, []byte("x")); a.status != http.StatusUnsupportedMediaType {
			t.Errorf("%d %s, want 415", a.status, a.body)
		}
	})
	expect(t, p.send(t, s, sample{p.host(t, "web"), now, 1}), p.good, 1, 0) // it goes on
}

func badText(t *testing.T, p spoken) {
	if p.name == "OTLP JSON" {
		t.Skip("its encoder replaces what is not UTF-8")
	}
	s := p.serve(t, ingest.Limits{})
	a := p.send(t, s, sample{"bad-\xff\xfe", now, 1}, sample{p.host(t, "web"), now, 2})
	if a.status == http.StatusBadRequest && p.name == "OTLP protobuf" {
		return // the body as a whole is not valid protobuf then
	}
	expect(t, a, p.partly, 1, 1)
	explains(t, a, "1 invalid")
}

func limits(t *testing.T, p spoken) {
	t.Run("samples a second", func(t *testing.T) {
		s := p.serve(t, ingest.Limits{SamplesPerSecond: 1})
		var ten []sample
		for i := range 10 {
			ten = append(ten, sample{p.host(t, strconv.Itoa(i)), now, 1})
		}
		expect(t, p.send(t, s, ten...), p.good, 10, 0)
		a := p.send(t, s, ten[0])
		if a.status != p.later || a.header.Get("Retry-After") == "" {
			t.Errorf("%d, Retry-After %q: %s; want %d and when to send again", a.status, a.header.Get("Retry-After"), a.body, p.later)
		}
	})
	t.Run("series", func(t *testing.T) {
		s := p.serve(t, ingest.Limits{Series: 2})
		a := p.send(t, s, sample{p.host(t, "1"), now, 1}, sample{p.host(t, "2"), now, 1}, sample{p.host(t, "3"), now, 1})
		expect(t, a, p.partly, 2, 1)
		explains(t, a, "1 over a limit", "as many series")
		expect(t, p.send(t, s, sample{p.host(t, "1"), now.Add(time.Second), 1}), p.good, 1, 0)
	})
	t.Run("labels", func(t *testing.T) {
		s := p.serve(t, ingest.Limits{Value: 100})
		a := p.send(t, s, sample{strings.Repeat("x", 101), now, 1}, sample{p.host(t, "web"), now, 2})
		expect(t, a, p.partly, 1, 1)
		explains(t, a, "1 over a limit", "longer than 100 bytes")
		s = p.serve(t, ingest.Limits{Labels: 1})
		expect(t, p.send(t, s, sample{p.host(t, "web"), now, 2}), p.partly, 0, 1)
	})
}
