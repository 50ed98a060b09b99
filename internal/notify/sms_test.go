package notify

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// provider is one of SMS: it remembers who was told, and is away for some numbers.
type provider struct {
	*httptest.Server
	mu   sync.Mutex
	away map[string]bool
	told []string
}

func newProvider(t *testing.T, away ...string) *provider {
	p := &provider{away: map[string]bool{}}
	for _, phone := range away {
		p.away[phone] = true
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		phone := r.URL.Query().Get("to")
		if p.away[phone] {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		p.told = append(p.told, phone)
		_, _ = fmt.Fprintf(w, `{"code":0,"for":%q}`, phone)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) settings(phones string) map[string]string {
	return map[string]string{"url": p.URL + "/?to={{urlquery .Phone}}&text={{urlquery .Message}}", "phones": phones, "method": "GET", "success": `"code":0`}
}

// wants numbers told, in this order, and from then on others away.
func (p *provider) wants(t *testing.T, told []string, away ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Equal(p.told, told) {
		t.Errorf("told %q, want %q", p.told, told)
	}
	clear(p.away)
	for _, phone := range away {
		p.away[phone] = true
	}
}

// Where an SMS to one number fails, the others are told once, and that one when its turn comes; each has a notice with
// its own answer.
func TestAnSMSThatFailsForOneNumberIsToldTwiceToNobody(t *testing.T) {
	t.Parallel()
	b, p := newBench(t), newProvider(t, "2")
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("sms", p.settings("1, 2, 3, 1"))}}}})
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.after(3 * time.Minute)
	p.wants(t, []string{"1", "3"}, "2")
	b.recover(e)
	b.change(e)
	b.after(time.Minute)
	p.wants(t, []string{"1", "3", "1", "3"}) // to 2 the end is not told before the beginning
	b.after(time.Hour)
	p.wants(t, []string{"1", "3", "1", "3", "2", "2"})
	for _, n := range b.notices(state.NoticeSent) {
		if n.Recipient == "" || !strings.Contains(n.Answer, `"for":"`+n.Recipient+`"`) || (n.Tries > 1) != (n.Recipient == "2" && n.Reason == string(Opened)) {
			t.Errorf("the notice to %q: %d tries, %q", n.Recipient, n.Tries, n.Answer)
		}
	}
}

// A number that is taken out of a target while its message waits is not told any more.
func TestANumberThatWasTakenOutIsNotTold(t *testing.T) {
	t.Parallel()
	b, p := newBench(t), newProvider(t, "1", "2")
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("sms", p.settings("1, 2"))}}}})
	b.change(b.leakOn("web-1", "java"))
	b.after(time.Minute)
	to := b.target("sms")
	must(t, b.SetSettings(&to, p.settings("2")))
	must(t, b.db.UpdateTarget(t.Context(), &to))
	p.wants(t, nil)
	b.after(time.Hour)
	p.wants(t, []string{"2"})
	dropped := b.notices(state.NoticeDropped)
	if len(dropped) != 1 || dropped[0].Recipient != "1" || !strings.Contains(dropped[0].Error, "taken out") {
		t.Errorf("dropped: %+v", dropped)
	}
}
